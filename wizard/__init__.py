"""KB Wizard: knowledge-base articles whose steps do the thing.

Two ways through the house:

    PUBLISH   articles/*.md -> content -> pages -> site/            any static host
    ACT       reader -> step -> action -> provider -> record        Flask and a worker

Imports point down, and parts on one line never import each other:

    app, cli (and build.py)       entry points, the only wiring
    web | pages                   HTTP of the wizard | articles frozen into site/
    importing | starter           articles of other systems | new articles and projects
    actions                       what a step shows, asks, checks and does
    work                          durable workflows
    migrations                    the schema of everything that is stored
    providers | records           who owns the account | what we remember
    theme                         templates, styles, formats
    account | content             rules, pure | Markdown to articles, pure
    config tables db clock ...    the ground
"""

__version__ = "0.1.0"
