"""GraphQL documents as they are sent: read and compared with the schema once, however often a run sends them."""

import json
from functools import lru_cache
from pathlib import Path

from graphql import DocumentNode, GraphQLError, OperationDefinitionNode, build_schema, parse, validate

SCHEMA = build_schema(Path(__file__).with_name("schema.graphql").read_text(encoding="utf-8"))


@lru_cache(maxsize=512)
def document_of(query: str) -> DocumentNode:
    """Runs send the same few documents again and again. Raises GraphQLError."""
    return parse(query)


@lru_cache(maxsize=512)
def faults_of(query: str) -> tuple[str, ...]:
    """What the schema has against a document. Raises GraphQLError."""
    return tuple(fault.message for fault in validate(SCHEMA, document_of(query)))


def operation_of(body: bytes) -> tuple[str, bool]:
    """`MUTATION field` or `QUERY name`, and whether it writes."""
    try:
        document = document_of(json.loads(body)["query"])
    except (ValueError, KeyError, TypeError, GraphQLError):
        return "QUERY unreadable", False
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            if definition.operation.value == "mutation":
                field = definition.selection_set.selections[0]
                return f"MUTATION {getattr(getattr(field, 'name', None), 'value', '')}", True
            return f"QUERY {definition.name.value if definition.name else ''}", False
    return "QUERY", False
