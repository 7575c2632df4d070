#!/usr/bin/env bash
# Audits a server, or takes a report that is there, renders it, and ends with the gate's exit code: 0 passed, 1 blocked, 2 undecided.
# Everything comes from the environment, so that nothing a caller writes is ever read as shell:
#   SEKISHO_TARGET     name in the configuration, host or address; or
#   SEKISHO_REPORT     report.json that was made before: nothing is audited then
#   SEKISHO_CONFIG     configuration (default: sekisho.yaml where there is one)
#   SEKISHO_IDENTITY   private key for the login
#   SEKISHO_VANTAGE    where this machine stands: outside or allowed
#   SEKISHO_FAIL_ON    must, should, new, regression or none (default: must)
#   SEKISHO_BASELINE   earlier report.json, for new and regression
#   SEKISHO_MAX_AGE    oldest evidence that may pass, such as 7d
#   SEKISHO_COVERAGE   smallest part of the requirements that is decided, such as 90%
#   SEKISHO_FORMATS    formats to write (default: html,sarif,junit,markdown)
#   SEKISHO_OUT        folder they are written to (default: sekisho-ci)
#   SEKISHO_LANG       ja or en
set -euo pipefail

home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
out=${SEKISHO_OUT:-sekisho-ci}
formats=${SEKISHO_FORMATS:-html,sarif,junit,markdown}
report=${SEKISHO_REPORT:-}

sekisho() { node "$home/bin/sekisho.js" "$@"; }

language=()
[ -z "${SEKISHO_LANG:-}" ] || language=(--lang "$SEKISHO_LANG")

if [ -z "$report" ]; then
  if [ -z "${SEKISHO_TARGET:-}" ]; then
    echo "sekisho: neither a target nor a report was named." >&2
    exit 64
  fi
  runs=$(mktemp -d)
  trap 'rm -rf "$runs"' EXIT
  options=(--out "$runs" --fail-on none)
  [ -z "${SEKISHO_CONFIG:-}" ] || options+=(--config "$SEKISHO_CONFIG")
  [ -z "${SEKISHO_IDENTITY:-}" ] || options+=(--identity "$SEKISHO_IDENTITY")
  [ -z "${SEKISHO_VANTAGE:-}" ] || options+=(--vantage "$SEKISHO_VANTAGE")
  # A login that failed ends with 3 and leaves a report of the rest: it is rendered, and its gate cannot open.
  audited=0
  sekisho audit "${options[@]}" "${language[@]}" -- "$SEKISHO_TARGET" || audited=$?
  found=("$runs"/*/*/report.json)
  if [ "${#found[@]}" -ne 1 ] || [ ! -f "${found[0]}" ]; then
    echo "sekisho: the audit left no report (exit $audited)." >&2
    [ "$audited" -ne 0 ] || audited=70
    exit "$audited"
  fi
  mkdir -p "$out"
  cp "${found[0]}" "$out/report.json"
  report=$out/report.json
else
  audited=0
fi

sekisho report --format "$formats" --out "$out/" "${language[@]}" -- "$report"
if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
  sekisho report --format markdown "${language[@]}" -- "$report" >>"$GITHUB_STEP_SUMMARY"
fi

options=(--fail-on "${SEKISHO_FAIL_ON:-must}")
[ -z "${SEKISHO_BASELINE:-}" ] || options+=(--baseline "$SEKISHO_BASELINE")
[ -z "${SEKISHO_MAX_AGE:-}" ] || options+=(--max-age "$SEKISHO_MAX_AGE")
[ -z "${SEKISHO_COVERAGE:-}" ] || options+=(--require-coverage "$SEKISHO_COVERAGE")
code=0
sekisho gate "${options[@]}" "${language[@]}" -- "$report" || code=$?
[ "$audited" -eq 0 ] || code=$audited

if [ -n "${GITHUB_OUTPUT:-}" ]; then
  echo "exit-code=$code" >>"$GITHUB_OUTPUT"
fi
exit "$code"
