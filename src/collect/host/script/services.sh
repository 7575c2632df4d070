# --- Services ---------------------------------------------------------------------------------------------------------------------

services_section() {
  have systemctl || return 0
  frame services.running limited systemctl list-units --type=service --state=running --no-legend --plain --no-pager
  frame services.files limited systemctl list-unit-files --type=service --no-legend --no-pager
  unit_files=$out
}

