"""The body of each call: which fields a req_key takes, of which type, and which it needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from byteplus_cli.sandbox.addresses import web_address
from byteplus_cli.sandbox.checks import (
    Check,
    Complaint,
    address,
    check_each,
    is_whole,
    text,
    yes_no,
)
from byteplus_cli.sandbox.refusal import invalid, missing
from byteplus_cli.sandbox.vision.refusal import UNKNOWN_REQ_KEY, VisionRefusal

DETECTION = "realman_avatar_object_detection_cv"
RECOGNITION = "realman_avatar_picture_create_role_omni_cv"
OMNI_1_0 = "realman_avatar_picture_omni_cv"
OMNI_1_5 = "realman_avatar_picture_omni15_cv"

Fields = Mapping[str, Check]


def read(body: Mapping[str, Any], served: Mapping[str, Fields]) -> Mapping[str, Any]:
    """The fields that are set, once they are known to be right for their req_key.

    Whether the service minds a field that it does not know is not known: this is the strict way.
    """
    given = {name: value for name, value in body.items() if value is not None}
    req_key = _req_key(given, served)
    fields = {"req_key": text, **served[req_key]}
    check_each(given, req_key, fields, fields.__contains__, fields)
    for name in _NEEDED:
        if name in fields and name not in given:
            raise missing(name)
    return given


def _req_key(given: Mapping[str, Any], served: Mapping[str, Fields]) -> str:
    req_key = given.get("req_key")
    if req_key is None:
        raise missing("req_key")
    if not isinstance(req_key, str):
        raise invalid("req_key", "has to be a string")
    if req_key not in served:
        raise VisionRefusal(UNKNOWN_REQ_KEY, req_key)
    return req_key


def _addresses(value: object) -> Complaint:
    good = isinstance(value, str) and all(web_address(url) for url in value.split(";"))
    return None if good else "has to be web addresses joined by ;"


def _whole(value: object) -> Complaint:
    return None if is_whole(value) else "has to be a whole number"


def _resolution(value: object) -> Complaint:
    return None if is_whole(value) and value in (720, 1080) else "has to be 720 or 1080"


# Wherever a req_key takes one of them, it needs it.
_NEEDED = ("image_url", "audio_url", "task_id")
# A data: URI or plain base64 is not taken (sources disagree; this is the strict reading).
_PICTURE: Fields = {"image_url": address}
_SPEAKING: Fields = {**_PICTURE, "audio_url": address}
PROCESSED: Mapping[str, Fields] = {DETECTION: _PICTURE}
# VIS-SAMPLE; S001 for 1.0.
SUBMITTED: Mapping[str, Fields] = {
    RECOGNITION: _PICTURE,
    OMNI_1_0: _SPEAKING,
    OMNI_1_5: {
        **_SPEAKING,
        "mask_url": _addresses,
        "prompt": text,
        "seed": _whole,
        "output_resolution": _resolution,
        "pe_fast_mode": yes_no,
        "callback_url": address,
        "callback_auth_info": text,
    },
}
# An id is a string: as a number it would be rounded by many a JSON reader (VIS-CN15).
_TASK: Fields = {"task_id": text}
FOLLOWED: Mapping[str, Fields] = dict.fromkeys(SUBMITTED, _TASK)
