using AllowlistSync.Core.Hosts;

namespace AllowlistSync.Providers.Host.Hosts.Ssh;

/// <summary>
/// What runs on the other side: POSIX sh and the programs of coreutils or busybox. Each script ends with a line of its own on standard error, a mark that nobody else knows
/// and a word, so that the end of a script is told from the end of a connection, of sudo, or of a log-in shell.
/// </summary>
internal static class RemoteScripts
{
    /// <summary>The search path, as on this machine.</summary>
    public const string Path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private const string Prologue = $$"""
        LC_ALL=C PATH={{Path}}
        export LC_ALL PATH
        m=$1
        shift
        say() { printf '\n%s %s\n' "$m" "$1" >&2; exit 0; }

        """;

    /// <summary>Says who we are there, and whether a program can be stopped after its time; then keeps the connection until its input ends.</summary>
    public const string Stay = Prologue + """
        if timeout -k 1 1 true >/dev/null 2>&1; then t=timeout; else t=-; fi
        printf '\n%s %s %s\n' "$m" "$(id -u)" "$t"
        exec cat >/dev/null
        """;

    /// <summary>
    /// Runs a program that prints lines, until its input ends: the program and its arguments. A program that has nothing to say would not notice that nobody listens any more. What waits for the end of the input
    /// has no hand on the output: sshd ends a session when nobody can write to it any more, so the end of the program would not be seen.
    /// </summary>
    public const string Watch = Prologue + """
        command -v "$1" >/dev/null 2>&1 || say missing
        exec 3<&0
        "$@" </dev/null &
        p=$!
        { cat <&3; kill "$p"; } >/dev/null 2>&1 &
        w=$!
        wait "$p"
        e=$?
        kill "$w" 2>/dev/null
        say "exit $e"
        """;

    // Whatever was not received as a whole is never given to a program. The file has no name any more when the program starts, so nothing stays behind however it ends. It goes before we speak: over a
    // connection that was lost, speaking ends us (SIGPIPE).
    private const string Spool = """
        n=$1
        shift
        if [ "$n" = - ]; then
          exec </dev/null
        else
          umask 077
          f=$(mktemp "${TMPDIR:-/tmp}/allowlist-sync.XXXXXXXXXX") || say full
          trap 'rm -f "$f"; exit 1' HUP INT TERM
          cat >"$f" || { rm -f "$f"; say full; }
          [ "$(wc -c <"$f")" -eq "$n" ] || { rm -f "$f"; say short; }
          exec <"$f"
          rm -f "$f"
          trap - HUP INT TERM
          umask 022
        fi

        """;

    /// <summary>Runs a program: length of the input or <c>-</c>, seconds or <c>-</c>, the program, then variables, the program and its arguments.</summary>
    public const string Run = Prologue + Spool + """
        t=$1 p=$2
        shift 2
        command -v "$p" >/dev/null 2>&1 || say missing
        if [ "$t" = - ]; then
          env -i LC_ALL=C PATH="$PATH" "$@"
        else
          timeout -k 5 "$t" env -i LC_ALL=C PATH="$PATH" "$@"
        fi
        say "exit $?"
        """;

    /// <summary>Reads a file: its path. The mode, a line end, the content.</summary>
    public const string Read = Prologue + """
        stat -Lc %a -- "$1" && cat -- "$1"
        say "exit $?"
        """;

    /// <summary>Lists a directory: its path. Names, each with a NUL behind it.</summary>
    public const string List = Prologue + """
        [ -d "$1" ] || say 'exit 0'
        [ -r "$1" ] && [ -x "$1" ] || { echo 'Permission denied' >&2; say 'exit 1'; }
        cd -- "$1" || say 'exit 1'
        for f in * .[!.]* ..?*; do
          if [ -e "$f" ] || [ -L "$f" ]; then printf '%s\0' "$f"; fi
        done
        say 'exit 0'
        """;

    /// <summary>Puts a file in the place of another: length, path, mode of a new file, a suffix that nobody else uses. The content is on the disk before the name leads to it.</summary>
    public const string Replace = Prologue + """
        n=$1 f=$2 mode=$3 suffix=$4 owner=
        fail() { rm -f -- "$t"; say 'exit 1'; }
        if [ -L "$f" ]; then f=$(readlink -f -- "$f") || say 'exit 1'; fi
        if [ -d "$f" ]; then echo 'Is a directory' >&2; say 'exit 1'; fi
        t=$f.$suffix.tmp
        umask 077
        set -C
        true >"$t" || say 'exit 1'
        set +C
        trap 'rm -f -- "$t"; exit 1' HUP INT TERM
        cat >"$t" || fail
        if [ "$(wc -c <"$t")" -ne "$n" ]; then rm -f -- "$t"; say short; fi
        if [ -e "$f" ]; then
          owner=$(stat -Lc %u:%g -- "$f") && mode=$(stat -Lc %a -- "$f") || fail
          if [ "$owner" != "$(stat -Lc %u:%g -- "$t")" ]; then chown -- "$owner" "$t" || fail; fi
        fi
        chmod -- "$mode" "$t" || fail
        sync -- "$t" 2>/dev/null || sync || fail
        mv -f -- "$t" "$f" || fail
        say 'exit 0'
        """;

    /// <summary>Takes a file away: its path.</summary>
    public const string Delete = Prologue + """
        rm -f -- "$1"
        say "exit $?"
        """;

    // A record lock belongs to a process, and the shell has no word for it (flock(1) takes another kind). What takes such locks brings its language: ufw and fail2ban python3, csf perl.
    private const string Python = """
        import fcntl,os,sys
        p,m=sys.argv[1:3]
        def say(w):
          sys.stdout.write(m+" "+w+"\n"); sys.stdout.flush()
        try:
          d=os.open(p,os.O_RDWR|os.O_CREAT,0o644)
        except OSError as e:
          say("failed "+e.strerror); sys.exit()
        try:
          fcntl.lockf(d,fcntl.LOCK_EX|fcntl.LOCK_NB)
        except OSError as e:
          say("busy" if e.errno in (11,13) else "failed "+e.strerror); sys.exit()
        say("held")
        sys.stdin.read()
        """;

    // struct flock of 64-bit Linux: two shorts, two 64-bit offsets, a process id.
    private const string Perl = """
        use Fcntl; use Config; $|=1; my ($p,$m)=@ARGV;
        if ($Config{longsize} != 8) { print "$m none\n"; exit }
        sysopen(my $f,$p,O_RDWR|O_CREAT,0644) or do { print "$m failed $!\n"; exit };
        my $l=pack("s s x4 q q i x4",F_WRLCK,0,0,0,0);
        if (fcntl($f,F_SETLK,$l)) { print "$m held\n"; 1 while sysread(STDIN,my $r,4096); }
        elsif ($!==11 || $!==13) { print "$m busy\n" } else { print "$m failed $!\n" }
        """;

    /// <summary>Holds the record lock of a file until its input ends: its path. A line on standard output says <c>held</c>, <c>busy</c>, <c>none</c> or <c>failed</c> and why.</summary>
    public static string Lock { get; } = Prologue + $"""
        umask 022
        if command -v python3 >/dev/null 2>&1; then exec python3 -c {PosixQuoting.Word(Python)} "$1" "$m"; fi
        if command -v perl >/dev/null 2>&1; then exec perl -e {PosixQuoting.Word(Perl)} "$1" "$m"; fi
        printf '%s none\n' "$m"
        """;
}
