"""The offline BytePlus: a second reading of the service's facts, sharing no code with the client.

What it does not do, so that nobody leans on it: it draws no prompt and no watermark, and looks at
no reference beyond its size and whether it can be seen through; it never fetches a URL; it has no
moderation, no rate, concurrency or spending limit (script those with `[[...]]` in a prompt); any
task is alone in its queue, so priority moves nothing; every clip is H.264, also where the service
makes HEVC or yuv444; it does not guess from the wording of a prompt whether a 2.5 task with a
video is an edit; a set of pictures has as many as it may, where the service would judge by the
prompt; layers lie where they always lie, and nothing is searched for on the web; and it calls back
to this machine only.
"""
