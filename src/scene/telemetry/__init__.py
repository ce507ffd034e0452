"""What Scene tells those who operate it: numbers for Prometheus, spans for OpenTelemetry, log lines with ids."""
