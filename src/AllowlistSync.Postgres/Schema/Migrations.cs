using System.Collections.Immutable;

namespace AllowlistSync.Postgres.Schema;

/// <summary>One step of the schema.</summary>
/// <param name="Version">Its number; a database is at the highest that was carried out.</param>
/// <param name="Sql">What it does. Once released it stays as it is; what comes later is a step of its own.</param>
internal sealed record Migration(int Version, string Sql);

/// <summary>The steps, in order.</summary>
internal static class Migrations
{
    /// <summary>All of them.</summary>
    public static ImmutableArray<Migration> All { get; } =
    [
        new(1, """
            CREATE TABLE allowlist_sync.document (
                kind text NOT NULL,
                name text NOT NULL,
                content text NOT NULL,
                checksum text NOT NULL,
                saved_at timestamptz NOT NULL DEFAULT now(),
                PRIMARY KEY (kind, name));
            COMMENT ON TABLE allowlist_sync.document IS 'one value each: receipts, what is remembered of sources, what people were told; the checksum is the SHA-256 of the content';
            CREATE TABLE allowlist_sync.damaged (
                id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                kind text NOT NULL,
                name text NOT NULL,
                content text NOT NULL,
                checksum text NOT NULL,
                set_aside_at timestamptz NOT NULL DEFAULT now());
            COMMENT ON TABLE allowlist_sync.damaged IS 'documents whose content did not match its checksum';
            CREATE TABLE allowlist_sync.entry (
                id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                kind text NOT NULL,
                name text NOT NULL,
                ticket uuid NOT NULL UNIQUE,
                content text NOT NULL,
                checksum text NOT NULL,
                size integer NOT NULL);
            CREATE INDEX entry_of ON allowlist_sync.entry (kind, name, id DESC);
            COMMENT ON TABLE allowlist_sync.entry IS 'journals, runs and lists, oldest first; the ticket keeps an entry from being written twice';
            """),
        new(2, """
            CREATE SEQUENCE allowlist_sync.lease_token;
            CREATE TABLE allowlist_sync.lease (
                name text PRIMARY KEY,
                node text NOT NULL,
                process integer NOT NULL,
                purpose text NOT NULL,
                attempt uuid NOT NULL,
                token bigint NOT NULL,
                since timestamptz NOT NULL,
                expires_at timestamptz NOT NULL) WITH (fillfactor = 50);
            COMMENT ON TABLE allowlist_sync.lease IS 'who works on what, until when by the clock of this server; whoever writes state proves it by the token';
            """),
        new(3, """
            CREATE TABLE allowlist_sync.node (
                name text PRIMARY KEY,
                version text NOT NULL,
                config_hash text NOT NULL,
                started_at timestamptz NOT NULL,
                last_seen timestamptz NOT NULL) WITH (fillfactor = 50);
            COMMENT ON TABLE allowlist_sync.node IS 'the daemons that keep their state here';
            CREATE INDEX entry_since ON allowlist_sync.entry (id) WHERE kind = 'run';
            """),
    ];

    /// <summary>The version that this program works with.</summary>
    public static int Newest => All[^1].Version;
}
