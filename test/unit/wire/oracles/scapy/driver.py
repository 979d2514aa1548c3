"""Scapy's eyes and hands: reads requests, one JSON value a line, and answers each with a line of JSON.

{"dissect": hex} -> {"layer", "fields", "options": [{"layer", "fields"}], "checksum"}, the checksum as Scapy computes it
{"build": {"source", "destination", "layer", "fields", "options"}} -> {"packet": hex}

A defect: Scapy finds a home address for the checksum only where nothing stands beside it. So pads are taken out first.

Numbers of up to 32 bits are numbers; addresses, octets and longer numbers are hexadecimal. Pads are left out.
"""
import json
import logging
import socket
import sys

logging.getLogger("scapy").setLevel(logging.ERROR)

from scapy.fields import IP6Field, MACField, StrField  # noqa: E402
from scapy.layers import inet6  # noqa: E402
from scapy.pton_ntop import inet_ntop, inet_pton  # noqa: E402

PADS = (inet6.Pad1, inet6.PadN)


def to_json(field, value):
    if isinstance(field, IP6Field):
        return inet_pton(socket.AF_INET6, value).hex()
    if isinstance(field, MACField):
        return value.replace(":", "")
    if isinstance(field, StrField):
        return bytes(value).hex()
    return "%0*x" % (int(2 * field.sz), int(value)) if field.sz > 4 else int(value)


def from_json(field, value):
    if isinstance(field, IP6Field):
        return inet_ntop(socket.AF_INET6, bytes.fromhex(value))
    if isinstance(field, StrField):
        return bytes.fromhex(value)
    return int(value, 16) if isinstance(value, str) else value


def shown(layer):
    fields = {
        field.name: to_json(field, layer.getfieldval(field.name))
        for field in layer.fields_desc
        if field.name not in ("options", "autopad") and layer.getfieldval(field.name) is not None
    }
    return {"layer": type(layer).__name__, "fields": fields}


def made(name, fields, **more):
    layer = getattr(inet6, name)
    by_name = {field.name: field for field in layer.fields_desc}
    return layer(**{key: from_json(by_name[key], value) for key, value in fields.items()}, **more)


def dissect(octets):
    header = inet6.IPv6(octets)
    while not isinstance(header, inet6._MobilityHeader):
        if isinstance(header, inet6.IPv6ExtHdrDestOpt):
            header.options = [option for option in header.options if not isinstance(option, PADS)]
        header = header.payload
    raw = octets[-8 * (header.len + 1):]
    unsummed = raw[:4] + b"\0\0" + raw[6:]
    options = [shown(option) for option in getattr(header, "options", []) if not isinstance(option, PADS)]
    return {**shown(header), "options": options, "checksum": inet6.in6_chksum(135, header.underlayer, unsummed)}


def build(wanted):
    address = {key: inet_ntop(socket.AF_INET6, bytes.fromhex(wanted[key])) for key in ("source", "destination")}
    options = [made(option["layer"], option["fields"]) for option in wanted["options"]]
    header = made(wanted["layer"], wanted["fields"], options=options)
    return {"packet": bytes(inet6.IPv6(src=address["source"], dst=address["destination"]) / header).hex()}


for line in sys.stdin:
    request = json.loads(line)
    answer = dissect(bytes.fromhex(request["dissect"])) if "dissect" in request else build(request["build"])
    print(json.dumps(answer))
