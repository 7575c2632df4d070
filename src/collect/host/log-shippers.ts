/** Programs that hand logs to a service, which may tell somebody of what stands in them. */
export const logShippers: readonly string[] = [
  ...["mackerel-agent", "newrelic-infra", "datadog-agent", "amazon-cloudwatch-agent", "google_cloud_ops_agent"],
  ...["fluent-bit", "fluentd", "td-agent", "vector", "promtail", "alloy", "filebeat", "otelcol", "otelcol-contrib"],
  ...["telegraf", "wazuh-agentd", "wazuh-logcollector", "ossec-logcollector"],
];
