"""The offline BytePlus: a second reading of the service's facts, sharing no code with the client.

What it does not do, so that nobody leans on it: it draws no prompt and no watermark, and looks at
no reference beyond the format and size of a picture and whether that can be seen through; it
follows no link but those that it signed, and takes others as they come (the Vision API refuses what
leads to nothing here); it has no moderation, no rate, concurrency or spending limit (script those
with `[[...]]` in a prompt); any task is alone in its queue, so priority moves nothing; every clip
is H.264, also where the service makes HEVC or yuv444; it does not guess from the wording of a
prompt whether a 2.5 task with a video is an edit; a set of pictures has as many as it may, where
the service would judge by the prompt; layers lie where they always lie, and nothing is searched for
on the web; and it calls back to this machine only.

Of the Vision API: no avatar speaks (a clip is as long as its sound, with a tone of its own), and
nobody is looked for in a picture: there are two subjects unless its name scripts another number,
and masks, seed, fast mode and callback address are checked and change nothing. Only one task at a
time is taken, as by default there; other limits have to be scripted. It knows one access key,
with every right, and no session tokens. Its storage is in `storage/__init__.py`.
"""
