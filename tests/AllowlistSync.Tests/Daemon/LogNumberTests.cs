using System.Reflection;
using AllowlistSync.Notifying;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.Daemon;

/// <summary>The numbers of the log, by which alerts know a message.</summary>
public sealed class LogNumberTests
{
    [Fact]
    public void No_two_messages_have_one_number()
    {
        var numbers = typeof(CourierLimits).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>()
            .Select(message => message.EventId)
            .ToArray();

        numbers.Length.ShouldBeGreaterThan(30);
        numbers.CountBy(number => number).Where(count => count.Value > 1).ShouldBeEmpty();
    }
}
