-- The ledger's events between two times, as `openclaw audit --json` shows them.
SELECT json_patch('{}', json_object(
  'schemaVersion', schema_version, 'sequence', sequence, 'eventId', event_id, 'sourceSequence', source_sequence,
  'occurredAt', occurred_at, 'redaction', 'metadata_only', 'agentId', agent_id, 'sessionKey', session_key,
  'sessionId', session_id, 'runId', run_id, 'toolCallId', tool_call_id, 'toolName', tool_name, 'kind', kind, 'action', action,
  'status', status, 'eventType', kind, 'actor', json_object('type', actor_type, 'id', actor_id)))
FROM audit_events
WHERE occurred_at BETWEEN @BEGIN@ * 1000 AND @END@ * 1000
ORDER BY sequence;
