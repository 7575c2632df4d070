#!/bin/sh
# A week of the database server: a table that grew every day, and each night's backup of it.
set -eu
mariadb --execute '
  CREATE DATABASE workflows;
  CREATE TABLE workflows.orders (id INT AUTO_INCREMENT PRIMARY KEY, at DATETIME NOT NULL, item VARCHAR(80) NOT NULL)'
for ago in 7 6 5 4 3 2 1 0; do
  day=$(date -d "$(date +%Y-%m-%d) 12:00 $ago days ago" +%Y-%m-%d)
  mariadb --execute "INSERT INTO workflows.orders (at, item) VALUES ('$day 09:12', 'paper'), ('$day 14:40', 'toner')"
  [ "$ago" -gt 0 ] || break
  /usr/local/sbin/mariadb-backup
  copy=/var/backups/mariadb/workflows-$(echo "$day" | tr -d -).sql.gz
  mv "/var/backups/mariadb/workflows-$(date +%Y%m%d).sql.gz" "$copy"
  touch -d "$day 03:20:02" "$copy"
done
systemctl start mariadb-backup.service
