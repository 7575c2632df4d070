-- Runs of the agent between two times, in seconds since 1970: one every two hours, each with one tool and its end.
WITH RECURSIVE
  run(at, id, session) AS (
    SELECT @BEGIN@ + 1800, lower(hex(randomblob(16))), lower(hex(randomblob(16)))
    UNION ALL
    SELECT at + 7200, lower(hex(randomblob(16))), lower(hex(randomblob(16))) FROM run WHERE at + 7200 < @END@
  ),
  step(part, delay, kind, action, status, tool, call) AS (
    VALUES (1, 0, 'agent_run', 'agent.run.started', 'started', NULL, NULL),
           (2, 4100, 'tool_action', 'tool.action.started', 'started', 'web_fetch', 'toolu_1'),
           (3, 5900, 'tool_action', 'tool.action.finished', 'succeeded', 'web_fetch', 'toolu_1'),
           (4, 14200, 'agent_run', 'agent.run.finished', 'succeeded', NULL, NULL)
  )
INSERT INTO audit_events
  (event_id, source_id, source_sequence, occurred_at, kind, action, status, actor_type, actor_id, agent_id,
   session_key, session_id, run_id, tool_call_id, tool_name)
SELECT lower(hex(randomblob(16))), id || ':' || part || ':' || (at * 1000 + delay) || ':' || action, part, at * 1000 + delay,
       kind, action, status, 'agent', 'main', 'main', 'agent:main:main', session, id, call, tool
FROM run, step
WHERE at < @END@
ORDER BY at, part;
