"""`byteplus image`: pictures from a prompt, and from other pictures."""

from typing import Annotated

import typer

from byteplus_cli.commands import options as o
from byteplus_cli.commands.leaf import words
from byteplus_cli.commands.waiting import Making

app = words(
    """Make pictures from a prompt, or from other pictures.

    \b
    Example:
      byteplus image gen "a red fox in the snow"
    """
)

PICTURE = "The picture"

Model = Annotated[
    str | None,
    typer.Option(
        "--model",
        "-m",
        metavar="MODEL",
        help="A short name such as seedream-4.5, a full id, or ep-...",
        rich_help_panel=o.INPUT,
    ),
]
Images = Annotated[
    list[str] | None,
    typer.Option(
        "--image",
        "-i",
        metavar="SRC",
        help="A picture to go by: a path, https:// or data: URL, or an earlier picture such as"
        " @last#2; repeatable.",
        rich_help_panel=o.INPUT,
    ),
]
Size = Annotated[
    str | None,
    typer.Option(metavar="1K|2K|4K|WxH", help="A size class, or pixels.", rich_help_panel=PICTURE),
]
Ratio = Annotated[
    str | None,
    typer.Option(
        "--ratio",
        "-r",
        metavar="W:H",
        help="16:9, 4:3, 3:2, 1:1, 21:9 or one of them turned, within the size class.",
        rich_help_panel=PICTURE,
    ),
]
Count = Annotated[
    int,
    typer.Option(
        "--count", metavar="N", help="A set of up to N related pictures.", rich_help_panel=PICTURE
    ),
]
Stream = Annotated[
    bool | None,
    typer.Option(
        "--stream/--no-stream",
        help="Save each picture as it is made; on where the model can.",
        rich_help_panel=o.SERVICE,
    ),
]
Watermark = Annotated[
    bool | None,
    typer.Option(
        "--watermark/--no-watermark",
        help='"AI generated" in a corner; off unless asked.',
        rich_help_panel=PICTURE,
    ),
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format", metavar="jpeg|png", help="Where the model makes both.", rich_help_panel=PICTURE
    ),
]
Transparent = Annotated[
    bool,
    typer.Option(
        "--transparent",
        help="Keep the background of one --image see-through (Seedream 5.0 pro, flash).",
        rich_help_panel=PICTURE,
    ),
]
Layers = Annotated[
    bool,
    typer.Option(
        "--layers",
        help="Take one --image apart into layers (Seedream 5.0 pro, flash).",
        rich_help_panel=PICTURE,
    ),
]
Seed = Annotated[
    int | None,
    typer.Option(
        metavar="N", help="Same seed, similar picture, where known.", rich_help_panel=PICTURE
    ),
]
GuidanceScale = Annotated[
    float | None,
    typer.Option(
        metavar="1-10", help="How closely to follow the prompt (3.0).", rich_help_panel=PICTURE
    ),
]
OptimizePrompt = Annotated[
    str | None,
    typer.Option(
        metavar="standard|fast",
        help="How the service rewords the prompt.",
        rich_help_panel=o.SERVICE,
    ),
]
WebSearch = Annotated[
    bool,
    typer.Option(
        "--web-search",
        help="Let the model look things up (Seedream 5.0 lite).",
        rich_help_panel=o.SERVICE,
    ),
]


@app.command(cls=Making)
def gen(
    ctx: typer.Context,
    prompt: o.Prompt = None,
    model: Model = None,
    image: Images = None,
    size: Size = None,
    ratio: Ratio = None,
    count: Count = 1,
    watermark: Watermark = None,
    format: Format = None,
    transparent: Transparent = False,
    layers: Layers = False,
    seed: Seed = None,
    guidance_scale: GuidanceScale = None,
    stream: Stream = None,
    optimize_prompt: OptimizePrompt = None,
    web_search: WebSearch = False,
    extra: o.Extra = None,
    max_cost: o.MaxCost = None,
    dry_run: o.DryRun = False,
    as_: o.As = None,
    output: o.Output = None,
    overwrite: o.Overwrite = False,
) -> None:
    """Make pictures: send, save each as it is made, and print the paths.

    \b
    Examples:
      byteplus image gen "a red fox in the snow"
      byteplus image gen "a film poster" --size 4K -r 2:3 -o poster.jpg
      byteplus image gen "the same cat in each season" --count 4 -o cats/
      byteplus image gen "put Image 1 on the table of Image 2" -i cup.png -i room.jpg
      byteplus image gen --layers -i poster.png -m seedream-5.0-pro
      byteplus video create "it looks up" -i @last

    Guides: `byteplus help prompts`, `byteplus help templates`.
    """
    from byteplus_cli.commands.picturing import generate

    generate(ctx.obj, ctx.params)
