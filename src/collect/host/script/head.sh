# sekisho: what an audit reads inside a host. POSIX sh; run as `sh -s` or `sh collect.sh > file`.
#
# - It only reads. It writes no file, not even a temporary one, and stops nothing. It opens no connection to another machine, unless
#   `outbound` below is yes: then one to each of the hosts named there, and a question to each of the resolvers and to two addresses where
#   none is, from the host and from the network of OpenClaw's container, all of which end once they stand.
# - It prints no secret: files that may hold one pass an awk filter here, on the host, which lets named settings through and
#   nothing else. Command lines and environments of processes are never printed.
# - It prints frames. Each begins with the boundary, a random word that nobody on the host could know beforehand, and says how many
#   bytes follow, so that nothing a command prints can pass for a frame.
# - Every command has a time limit and every frame a size limit; after $deadline_seconds nothing new is started.
# - Commands that need root run as they are for root, else through `sudo -n` where the rules of sudo allow them.
#
# - What it reads of a process is asked of root only where root runs that process from the program itself: a name is no proof.
#
# What running it leaves behind all the same: a line of sudo's in the log for each command it runs, a line of sshd's own where the
# login is new, times of last access where the file system keeps them; nft, iptables-save and ss may make the kernel load a module of
# its own that it needs to answer. It lowers its own priority.
#
# Everything is inside functions, called by the last line: a script that was cut short in transit does nothing.
# Parameters, set above: boundary, ssh_users (names separated by spaces), container (name of OpenClaw's container),
# backup_paths and backup_jobs (what the operator declared, separated by spaces), outbound (yes or no), outbound_needed, outbound_canaries
# and outbound_ai (`host,port`, separated by spaces), outbound_resolvers (addresses).

frame_bytes=524288
command_seconds=10
deadline_seconds=60

