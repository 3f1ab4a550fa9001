using System.Globalization;
using AllowlistSync.Configuration.Reading;
using AllowlistSync.Configuration.Yaml;
using AllowlistSync.Core.Desired;

namespace AllowlistSync.Configuration.Shapes;

/// <summary>Holds values against their shapes and logs all that does not fit. Pure but for the log.</summary>
internal sealed class ShapeCheck(ProblemLog log)
{
    internal void Check(YamlNode node, Shape shape, NodePath path)
    {
        switch (node, shape)
        {
            case (YamlBroken, _):
                break;
            case (_, SecretShape):
                Report(node, path, SecretFault(node));
                break;
            case (YamlMap, TextOrSecretShape):
                Report(node, path, SecretFault(node));
                break;
            case (_, TextOrSecretShape either):
                Check(node, either.Text, path);
                break;
            case (YamlMap, TextOrMapShape either):
                Check(node, either.Map, path);
                break;
            case (YamlScalar, TextOrMapShape either):
                Check(node, either.Text, path);
                break;
            case (YamlScalar scalar, TextShape or ChoiceShape or IntegerShape or PortShape or SettingShape):
                Report(node, path, ScalarFault(scalar, shape));
                break;
            case (YamlList list, ListShape shaped):
                CheckList(list, shaped, path);
                break;
            case (YamlScalar scalar, TextsShape shaped):
                Report(node, path, ScalarFault(scalar, shaped.Item));
                break;
            case (YamlList list, TextsShape shaped):
                CheckList(list, new ListShape(shaped.Item, 1), path);
                break;
            case (YamlList list, ListOrMapShape shaped):
                CheckList(list, shaped.List, path);
                break;
            case (YamlMap map, ListOrMapShape shaped):
                new MapCheck(log, this).Check(map, shaped.Map, path);
                break;
            case (YamlMap map, NamedShape shaped):
                new MapCheck(log, this).Check(map, shaped, path);
                break;
            case (YamlMap map, MapShape shaped):
                new MapCheck(log, this).Check(map, shaped, path);
                break;
            case (YamlMap map, VariantShape shaped):
                new MapCheck(log, this).Check(map, shaped, path);
                break;
            default:
                Report(node, path, WrongType(node, shape));
                break;
        }
    }

    private static Fault WrongType(YamlNode node, Shape shape)
    {
        var what = node switch
        {
            YamlList => "a list stands here",
            YamlMap => "a mapping stands here",
            YamlScalar { Kind: ScalarKind.Nothing } => "nothing is written here",
            _ => "a single value stands here",
        };
        return new(what, $"write {shape.Expected}{(node is YamlScalar { Kind: ScalarKind.Nothing } ? ", or remove the key" : "")}");
    }

    private static Fault? ScalarFault(YamlScalar scalar, Shape shape)
    {
        if (scalar.Kind == ScalarKind.Nothing)
        {
            return WrongType(scalar, shape);
        }

        if (scalar.Value.Any(char.IsControl))
        {
            return new("the value holds a control character", "write " + shape.Expected);
        }

        return shape switch
        {
            TextShape text => TextFault(scalar, text),
            ChoiceShape choice => ChoiceFault(scalar, choice),
            IntegerShape integer => IntegerFault(scalar, integer),
            PortShape => PortRange.TryParse(scalar.Value, out _) ? null : new($"{Shown.Of(scalar.Value)} is not a port", "write " + shape.Expected),
            _ => EmptyFault(scalar, shape),
        };
    }

    private static Fault? EmptyFault(YamlScalar scalar, Shape shape) =>
        scalar.Value.Length == 0 ? new("the text is empty", "write " + shape.Expected) : null;

    private static Fault? TextFault(YamlScalar scalar, TextShape shape)
    {
        if ((EmptyFault(scalar, shape) ?? shape.Check?.Invoke(scalar.Value)) is { } fault)
        {
            return fault;
        }

        return scalar.Kind == ScalarKind.Text
            ? null
            : new($"{Shown.Of(scalar.Value)} is a {(scalar.Kind == ScalarKind.Truth ? "truth value" : "number")} in YAML, and a text is wanted", "put it in quotes");
    }

    private static Fault? ChoiceFault(YamlScalar scalar, ChoiceShape shape) =>
        (scalar.Kind == ScalarKind.Text || (shape.IsSwitch && scalar.Kind == ScalarKind.Truth)) && shape.Choices.Contains(scalar.Value)
            ? null
            : new($"\"{Shown.Of(scalar.Value)}\" is not known here", Spelling.Suggest(scalar.Value, shape.Choices));

    private static Fault? IntegerFault(YamlScalar scalar, IntegerShape shape)
    {
        if (scalar.Kind != ScalarKind.Integer)
        {
            return new($"\"{Shown.Of(scalar.Value)}\" is not a whole number", "write " + shape.Expected);
        }

        return Integers.TryParse(scalar, out var number) && (shape.ByRule || (number >= shape.Minimum && number <= shape.Maximum))
            ? null
            : new($"{Shown.Of(scalar.Value)} is out of range", "write " + shape.Expected);
    }

    // Says nothing of what is there: somebody may have put the secret itself into any part of it.
    private static Fault? SecretFault(YamlNode node) => node switch
    {
        YamlMap { Entries: [{ Key: "file" or "env", Value: YamlBroken or YamlScalar { Kind: not ScalarKind.Nothing, Value.Length: > 0 } }] } => null,
        YamlScalar { Kind: not ScalarKind.Nothing } => new("a secret is written here as it is", $"put it into a file or a variable and write {SecretShape.Instance.Expected}; then change the secret, for this file may have been seen"),
        _ => new("this is not the place of a secret", "write " + SecretShape.Instance.Expected),
    };

    private void CheckList(YamlList list, ListShape shape, NodePath path)
    {
        if (list.Items.Count < shape.MinItems)
        {
            Report(list, path, new("the list is empty", "write " + shape.Expected));
        }

        for (var i = 0; i < list.Items.Count; i++)
        {
            Check(list.Items[i], shape.Item, path.At(i));
        }
    }

    private void Report(YamlNode node, NodePath path, Fault? fault)
    {
        if (fault is not null)
        {
            log.Add(node.At, path, fault);
        }
    }
}

/// <summary>Whole numbers of the file; decimal only.</summary>
internal static class Integers
{
    internal static bool TryParse(YamlScalar scalar, out int number) =>
        int.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number) && scalar.Kind == ScalarKind.Integer;
}
