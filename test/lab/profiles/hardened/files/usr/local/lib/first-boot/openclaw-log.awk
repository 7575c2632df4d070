# A day of OpenClaw's own log, in its form: a heartbeat every hour, a warning in the morning, an error at noon.
# begin, end: seconds since 1970. server: the host's name.
function entry(time, level, subsystem, message) {
  if (time > end) return
  name = "{\\\"subsystem\\\":\\\"" subsystem "\\\"}"
  printf "{\"0\":\"%s\",\"1\":\"%s\",\"_meta\":{\"runtime\":\"node\",\"runtimeVersion\":\"24.21.0\",\"hostname\":\"%s\"", name, message, server
  printf ",\"date\":\"%s.214Z\",\"logLevelId\":%d,\"logLevelName\":\"%s\"", strftime("%Y-%m-%dT%H:%M:%S", time, 1), id[level], level
  printf ",\"name\":\"%s\",\"parentNames\":[\"openclaw\"]},\"time\":\"%s.214+09:00\"", name, strftime("%Y-%m-%dT%H:%M:%S", time)
  printf ",\"hostname\":\"%s\",\"message\":\"%s\"}\n", server, message
}
BEGIN {
  id["INFO"] = 3; id["WARN"] = 4; id["ERROR"] = 5
  for (hour = 0; hour < 24; hour++) {
    entry(begin + hour * 3600 + 4, "INFO", "heartbeat", "tick")
    if (hour == 9) entry(begin + hour * 3600 + 1741, "WARN", "provider-transport-fetch", "[model-fetch] error provider=anthropic status=529")
    if (hour == 12) entry(begin + hour * 3600 + 333, "ERROR", "cron", "job mail-sorting failed: the mailbox did not answer")
  }
}
