# SPDX-License-Identifier: BSD-3-Clause
"""The page of a report: one file without anything from elsewhere."""

import html
import os
import re
import urllib.parse

STYLE = """
:root{--ink:#1f2430;--paper:#fff;--soft:#f4f6f9;--grid:#d5d9e0;--neutral:#666e7d;--first:#0072b2;--second:#c04f00;
--late:#2f9bd6;--acks:#00875f;--window:#96690a;--sacks:#a64d8c;--bad:#b00020}
@media(prefers-color-scheme:dark){:root{--ink:#e4e8ef;--paper:#14171d;--soft:#1d222b;--grid:#3a414e;--neutral:#a0a8b8;
--first:#58b0ea;--second:#ff924d;--late:#9bd8ff;--acks:#36c99c;--window:#e2b53d;--sacks:#dc8cc2;--bad:#ff7b8a}}
*{box-sizing:border-box}
body{margin:0 auto;padding:0 1rem 4rem;max-width:74rem;background:var(--paper);color:var(--ink);
font:16px/1.5 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
h1{font-size:1.05rem;font-weight:600;color:var(--neutral);margin:1rem 0 0}
h2{margin:2.8rem 0 .3rem;font-size:1.35rem;border-top:1px solid var(--grid);padding-top:1.2rem}
h3{margin:1.5rem 0 .2rem;font-size:1.02rem}
p{margin:.4rem 0;max-width:62rem}
a{color:inherit;text-decoration-color:var(--neutral);text-underline-offset:.15em}
.answer{font-size:1.55rem;line-height:1.25;font-weight:650;margin:.2rem 0 .8rem}
.first{color:var(--first)}.second{color:var(--second)}.even{color:var(--neutral)}.bad{color:var(--bad)}
.cards{display:flex;flex-wrap:wrap;gap:.7rem;margin:.6rem 0}
.card{background:var(--soft);border-radius:.5rem;padding:.45rem .8rem;flex:1 1 9.5rem;max-width:22rem}
.card b{display:block;font-size:1.4rem;line-height:1.2}
.card span{font-size:.8rem;line-height:1.3;color:var(--neutral);display:block}
.plots{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,26rem),1fr));gap:.4rem 1.6rem;align-items:start}
figure{margin:.5rem 0;min-width:0}
figcaption{font-size:.85rem;color:var(--neutral)}
svg{width:100%;height:auto;display:block}
.top{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,30rem),1fr));gap:.2rem 2rem}
.top p{margin:.8rem 0}
.overview{max-width:46rem}
.table{overflow-x:auto}
table{border-collapse:collapse;font-size:.9rem;margin:.5rem 0}
th,td{padding:.22rem .8rem .22rem 0;text-align:left;border-bottom:1px solid var(--grid);white-space:nowrap}
th{font-weight:600;color:var(--neutral)}
.number{text-align:right;font-variant-numeric:tabular-nums}
code{font:.8rem/1.45 ui-monospace,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere;user-select:all}
.command{display:block;background:var(--soft);border-radius:.3rem;padding:.3rem .6rem;margin:.25rem 0}
details{margin:.5rem 0}summary{cursor:pointer;color:var(--neutral)}
.key{font-size:.85rem;color:var(--neutral);display:flex;flex-wrap:wrap;gap:.1rem 1.1rem;margin:.2rem 0}
:where(.key i){display:inline-block;width:1.3em;border-top:3px solid;margin-right:.4em;vertical-align:.25em}
nav{columns:15rem;font-size:.9rem;margin:.5rem 0}nav a{display:block;text-decoration:none;break-inside:avoid}
nav a:hover{text-decoration:underline}
@media print{html{font-size:10px}body{font-size:10px;max-width:none}h2,h3,summary{break-after:avoid}
figure,tr,.card{break-inside:avoid}.plots{grid-template-columns:1fr 1fr}.table{overflow:visible}
td:last-child,th:last-child{display:none}th,td{padding-right:.6rem}}
"""
# Paper shows what a closed fold hides.
SCRIPT = "addEventListener('beforeprint',()=>document.querySelectorAll('details').forEach(d=>d.open=true))"

CLASSES = ("first", "second")


def text(value):
    return html.escape(str(value))


def slug(name):
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name)


def element(tag, content, css=None, **attributes):
    """A tag around content that is HTML already."""
    names = "".join(f' {name}="{html.escape(str(value))}"' for name, value in attributes.items())
    return f"<{tag}{f' class={css!r}' if css else ''}{names}>{content}</{tag}>"


def paragraph(content, css=None):
    return element("p", content, css)


def link(target, label):
    return element("a", text(label), href=target)


def file_link(path, label):
    """A link to a file beside the page, whose name may hold what addresses may not."""
    return link(urllib.parse.quote(path.replace(os.sep, "/")), label)


def command(words):
    return element("code", text(words), "command")


def colored(index, content):
    """Content in the colour of a backend, or of none."""
    return element("span", text(content), "even" if index is None else CLASSES[index])


def plot(svg, caption=""):
    return element("figure", svg + (element("figcaption", caption) if caption else ""))


def plots(*figures):
    return element("div", "".join(figure for figure in figures if figure), "plots")


def fold(summary, content):
    return element("details", element("summary", text(summary)) + content)


def table(heads, rows):
    """`heads` are (text, is number); cells are HTML."""
    top = "".join(element("th", text(name), "number" if number else None) for name, number in heads)
    body = "".join(
        element("tr", "".join(element("td", cell, "number" if number else None)
                              for cell, (_, number) in zip(row, heads))) for row in rows)
    return element("div", element("table", element("thead", element("tr", top)) + element("tbody", body)), "table")


def _styles_to_classes(body):
    """(body, rules): each style that plots repeat thousands of times as a class."""
    classes = {}

    def replace(match):
        return f' class="{classes.setdefault(match[1], f"p{len(classes)}")}"'

    body = re.sub(r'(?<=[a-z"]) style="([^"]*)"(?=[^>]*>)', replace, body)
    return body, "".join(f".{name}{{{rule}}}\n" for rule, name in classes.items())


def page(title, body):
    body, rules = _styles_to_classes(body)
    return ("<!doctype html>\n<html lang=en><head><meta charset=utf-8>"
            '<meta name=viewport content="width=device-width,initial-scale=1">'
            # Browsers ask for an icon unless they are given one.
            '<link rel=icon href="data:,">'
            f"<title>{text(title)}</title><style>{STYLE}{rules}</style></head>\n<body>\n{body}\n"
            f"<script>{SCRIPT}</script></body></html>\n")
