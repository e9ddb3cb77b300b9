"""What readers of SARIF, HAR and JUnit expect of the parts that are written here, as schemas."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
COUNT: Json = {"type": "integer", "minimum": 0}
TIME: Json = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"}


def closed(required: Json, **optional: Json) -> Json:
    """An object with these members and no others."""
    return {
        "type": "object",
        "properties": {**required, **optional},
        "required": list(required),
        "additionalProperties": False,
    }


def each(items: Json, **more: Any) -> Json:
    return {"type": "array", "items": items, **more}


MESSAGE = closed({"text": {"type": "string", "minLength": 1}})
LOCATION = closed(
    {},
    physicalLocation=closed(
        {"artifactLocation": closed({"uri": {"type": "string", "pattern": "^[!-~]+$"}})},
        region=closed({"startLine": {"type": "integer", "minimum": 1}}),
    ),
    logicalLocations=each(closed({"fullyQualifiedName": TEXT}), uniqueItems=True),
)
RESULT: Json = {
    **closed(
        {
            "message": MESSAGE,
            "ruleId": TEXT,
            "ruleIndex": COUNT,
            "kind": {"enum": ["informational", "fail"]},
            "level": {"enum": ["none", "error"]},
            "locations": each(LOCATION),
        },
        partialFingerprints={"type": "object", "additionalProperties": TEXT},
        properties={"type": "object"},
    ),
    # What is no failure has no level.
    "if": {"properties": {"kind": {"const": "fail"}}},
    "then": {"properties": {"level": {"const": "error"}}},
    "else": {"properties": {"level": {"const": "none"}}},
}
RULE = closed(
    {"id": TEXT, "shortDescription": MESSAGE, "fullDescription": MESSAGE},
    properties={"type": "object"},
)
INVOCATION = closed(
    {
        "executionSuccessful": {"type": "boolean"},
        "exitCode": {"type": "integer"},
        "startTimeUtc": TIME,
        "endTimeUtc": TIME,
        "arguments": each(TEXT),
        "toolExecutionNotifications": each(
            closed({"message": MESSAGE, "level": {"enum": ["none", "note", "warning", "error"]}})
        ),
    }
)
SARIF = closed(
    {
        "$schema": TEXT,
        "version": {"const": "2.1.0"},
        "runs": each(
            closed(
                {
                    "tool": closed(
                        {
                            "driver": closed(
                                {"name": TEXT, "rules": each(RULE, uniqueItems=True)},
                                version=TEXT,
                                semanticVersion=TEXT,
                            )
                        }
                    ),
                    "results": each(RESULT),
                },
                invocations=each(INVOCATION),
                columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                properties={"type": "object"},
            )
        ),
    }
)

PAIRS = each(closed({"name": TEXT, "value": TEXT}))
PARAMS = each(closed({"name": TEXT}, value=TEXT, fileName=TEXT))
SIZE: Json = {"type": "integer", "minimum": -1}
HAR = closed(
    {
        "log": closed(
            {
                "version": {"const": "1.2"},
                "creator": closed({"name": TEXT, "version": TEXT}),
                "entries": each(
                    closed(
                        {
                            "startedDateTime": TIME,
                            "time": {"type": "number", "minimum": 0},
                            "request": closed(
                                {
                                    "method": TEXT,
                                    "url": TEXT,
                                    "httpVersion": TEXT,
                                    "cookies": each({}, maxItems=0),
                                    "headers": PAIRS,
                                    "queryString": PAIRS,
                                    "headersSize": SIZE,
                                    "bodySize": SIZE,
                                },
                                postData={
                                    "oneOf": [
                                        closed({"mimeType": TEXT, "text": TEXT}),
                                        closed({"mimeType": TEXT, "params": PARAMS}),
                                    ]
                                },
                            ),
                            "response": closed(
                                {
                                    "status": COUNT,
                                    "statusText": TEXT,
                                    "httpVersion": TEXT,
                                    "cookies": each({}, maxItems=0),
                                    "headers": PAIRS,
                                    "content": closed(
                                        {"size": COUNT, "mimeType": TEXT, "text": TEXT}
                                    ),
                                    "redirectURL": TEXT,
                                    "headersSize": SIZE,
                                    "bodySize": SIZE,
                                }
                            ),
                            "cache": closed({}),
                            "timings": closed(
                                {
                                    name: {"type": "number", "minimum": 0}
                                    for name in ("send", "wait", "receive")
                                }
                            ),
                            "comment": TEXT,
                        },
                        _error=TEXT,
                        _curl=TEXT,
                    )
                ),
            }
        )
    }
)

JUNIT = """\
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:attributeGroup name="counts">
    <xs:attribute name="tests" type="xs:nonNegativeInteger" use="required"/>
    <xs:attribute name="failures" type="xs:nonNegativeInteger" use="required"/>
    <xs:attribute name="errors" type="xs:nonNegativeInteger" use="required"/>
    <xs:attribute name="skipped" type="xs:nonNegativeInteger"/>
    <xs:attribute name="name" type="xs:string" use="required"/>
    <xs:attribute name="time" type="xs:decimal" use="required"/>
  </xs:attributeGroup>
  <xs:complexType name="told" mixed="true">
    <xs:attribute name="message" type="xs:string" use="required"/>
    <xs:attribute name="type" type="xs:string" use="required"/>
  </xs:complexType>
  <xs:complexType name="skipped"><xs:attribute name="message" type="xs:string"/></xs:complexType>
  <xs:complexType name="case">
    <xs:choice minOccurs="0">
      <xs:element name="failure" type="told"/>
      <xs:element name="error" type="told"/>
      <xs:element name="skipped" type="skipped"/>
      <xs:element name="system-out" type="xs:string"/>
    </xs:choice>
    <xs:attribute name="classname" type="xs:string" use="required"/>
    <xs:attribute name="name" type="xs:string" use="required"/>
    <xs:attribute name="time" type="xs:decimal" use="required"/>
  </xs:complexType>
  <xs:complexType name="suite">
    <xs:sequence>
      <xs:element name="testcase" type="case" minOccurs="1" maxOccurs="unbounded"/>
    </xs:sequence>
    <xs:attributeGroup ref="counts"/>
    <xs:attribute name="timestamp" type="xs:dateTime" use="required"/>
    <xs:attribute name="hostname" type="xs:string" use="required"/>
  </xs:complexType>
  <xs:element name="testsuites">
    <xs:complexType>
      <xs:sequence>
        <xs:element name="testsuite" type="suite" minOccurs="0" maxOccurs="unbounded"/>
      </xs:sequence>
      <xs:attributeGroup ref="counts"/>
    </xs:complexType>
  </xs:element>
</xs:schema>
"""
