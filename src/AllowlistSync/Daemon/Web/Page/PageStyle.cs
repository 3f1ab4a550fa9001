using System.Security.Cryptography;
using System.Text;

namespace AllowlistSync.Daemon.Web.Page;

/// <summary>How the pages look. One sheet inside of each page, which its digest allows: nothing else is loaded.</summary>
internal static class PageStyle
{
    public const string Icon =
        """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="4" fill="#1d6f48"/><path d="M4 8.4l2.8 2.8L12 5.6" fill="none" stroke="#fff" stroke-width="2"/></svg>""";

    public const string Sheet = """

        :root{color-scheme:light dark;--bg:#faf9f6;--card:#fff;--ink:#1b1d20;--soft:#595f68;--line:#e2dfd8;--good:#1d6f48;--fill:#3f9168;--goodbg:#e0f0e6;--warn:#7a5000;--warnbg:#fbefd3;--bad:#a8201a;--badbg:#fce7e4;--link:#1f5596}
        @media (prefers-color-scheme:dark){:root{--bg:#131518;--card:#1a1d21;--ink:#e8e6e1;--soft:#a3aab3;--line:#2e3238;--good:#74d1a0;--fill:#3d8f66;--goodbg:#163325;--warn:#ecc26c;--warnbg:#372b11;--bad:#ff9d92;--badbg:#411f1c;--link:#90bdf3}}
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%}
        body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;font-variant-numeric:tabular-nums}
        main,header,footer{max-width:72rem;margin:0 auto;padding:0 1.5rem}
        header{padding-top:1.5rem}
        a{color:var(--link);text-underline-offset:.18em;text-decoration-thickness:1px}
        a:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:2px}
        h1,h2,h3{line-height:1.25;letter-spacing:-.012em;margin:0;font-weight:650;text-wrap:balance}
        h1{font-size:1.75rem;margin-top:2.25rem;display:flex;gap:.7rem;align-items:center}
        h2{font-size:1.2rem}
        h3{font-size:.95rem;letter-spacing:0;margin:1.6rem 0 .5rem}
        p{margin:.4rem 0;max-width:44rem}
        section{margin:2.5rem 0 0}
        section.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1.25rem 1.4rem 1.4rem}
        section.card+section.card{margin-top:1.25rem}
        .brand{display:flex;flex-wrap:wrap;gap:.2rem 1rem;align-items:baseline;font-size:.9rem;color:var(--soft);border-bottom:1px solid var(--line);padding-bottom:.8rem}
        .brand a,.brand b{color:var(--ink);font-weight:650;text-decoration:none;margin-right:auto}
        .lead{font-size:1.05rem;color:var(--soft);margin:.35rem 0 0;max-width:none}
        .soft,figcaption,.meta{color:var(--soft)}
        .meta{font-size:.86rem;display:block}
        code,.mono,pre{font:.86em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
        .i{width:1.05em;height:1.05em;flex:none;vertical-align:-.17em;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
        .st{white-space:nowrap;font-weight:600}
        .good{color:var(--good)}.warn{color:var(--warn)}.bad{color:var(--bad)}
        h1 .i{width:1.7rem;height:1.7rem}
        .head{display:flex;flex-wrap:wrap;gap:.2rem 1rem;align-items:baseline}
        .head .st{margin-left:auto}
        table{border-collapse:collapse;width:100%;margin-top:.8rem;font-size:.94rem}
        caption{text-align:left;color:var(--soft);font-size:.86rem;padding-bottom:.3rem}
        th,td{text-align:left;vertical-align:top;padding:.5rem 1.1rem .5rem 0;border-top:1px solid var(--line);font-weight:400}
        thead th{border-top:0;color:var(--soft);font-size:.82rem;padding-bottom:.3rem}
        tbody th{font-weight:600}tbody th .meta{font-weight:400}.nw{white-space:nowrap}
        th:last-child,td:last-child{padding-right:0}
        .note{border-left:4px solid var(--bad);background:var(--badbg);border-radius:0 6px 6px 0;padding:.6rem .9rem;margin:.8rem 0 0;max-width:60rem;overflow-wrap:anywhere}
        .note.warn{border-color:var(--warn);background:var(--warnbg);color:inherit}
        .note.quiet{border-color:var(--line);background:none}
        .note p{margin:.15rem 0;max-width:none}
        .note code{background:color-mix(in srgb,var(--ink) 9%,transparent);border-radius:3px;padding:.08em .3em}.note .id{color:var(--soft);font-size:.86rem}
        dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(10.5rem,1fr));gap:.7rem 1.5rem;margin:1rem 0 0}
        dt{color:var(--soft);font-size:.82rem}
        dd{margin:0;overflow-wrap:anywhere}
        figure{margin:.5rem 0 0}
        .blocks{display:flex;flex-wrap:wrap;align-items:flex-start;gap:1.1rem 2.6rem}
        .blocks svg{display:block;max-width:100%;height:auto;overflow:visible}
        svg text{fill:var(--ink);font:11.5px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
        svg text.port{fill:var(--soft);text-anchor:middle}
        .key{display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;font-size:.86rem;margin-top:.9rem;color:var(--soft)}
        .key svg{width:34px;height:14px;vertical-align:-1px;margin-right:.45rem}
        .ok{fill:var(--fill)}
        .no{fill:var(--badbg);stroke:var(--bad);stroke-width:1.5}
        .nox{stroke:var(--bad);stroke-width:2;stroke-linecap:round}
        .un{fill:var(--warnbg);stroke:var(--warn);stroke-width:1.2;stroke-dasharray:2.5 2}
        .und{fill:var(--warn)}
        .na{fill:none;stroke:var(--line)}
        .strip{display:block;max-width:100%;height:28px;overflow:visible}
        td .strip{height:22px;max-width:none}
        .calm{fill:var(--line)}
        .did{fill:var(--fill)}
        .base{stroke:var(--line)}
        ul.from{list-style:none;margin:0;padding:0}ul.diff{list-style:none;margin:.3rem 0 0;padding:0;columns:17rem;column-gap:2rem}
        ul.diff li{break-inside:avoid;padding-left:1.3em;text-indent:-1.3em}
        ul.diff b{display:inline-block;width:1.3em;text-indent:0;font-weight:700}
        footer{margin-top:3rem;padding-top:1rem;padding-bottom:2.5rem;color:var(--soft);font-size:.86rem}
        footer p{max-width:none;border-top:1px solid var(--line);padding-top:.8rem}
        .hide{position:absolute;width:0;height:0}
        @media (max-width:46rem){main,header,footer{padding-left:1rem;padding-right:1rem}h1{font-size:1.4rem;margin-top:1.5rem}section.card{padding:1rem}
        table,tbody,tr,th,td,caption{display:block}thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        tr{border-top:1px solid var(--line);padding:.55rem 0}th,td{border:0;padding:.12rem 0}
        td[data-l]{display:flex;gap:.8rem}td[data-l]::before{content:attr(data-l);color:var(--soft);font-size:.86rem;flex:0 0 6.5rem}td:empty{display:none}}
        @media print{body{background:#fff}section{break-inside:avoid}}

        """;

    /// <summary>The digest as a policy names it.</summary>
    public static string Digest { get; } = "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Sheet)));
}
