# Prints what the last word can be completed to, one candidate per line. Arguments: the name of the program and the words
# after it, up to the one to complete, which may be empty. completions.js puts the tables before this text (commands,
# letters, legal, kinds) and all of it between single quotation marks for three shells: no single quotation mark and no
# backslash may occur in it.
BEGIN {
  word = ARGV[ARGC - 1]
  program = ARGV[1]
  sub(".*/", "", program)
  if (program == "ipvsadm") dropNamespace()
  count = ARGC - 2
  if (program == "ipvsadm-save") completeScript("-n --json --netns")
  else if (program == "ipvsadm-restore") completeScript("--test --netns")
  else if (program == "ipvsadm" && count == 1 && word ~ /^--netns=/) completeScript("")
  else if (program == "ipvsadm" && count == 1) offer(commands " --netns")
  else if (program == "ipvsadm") complete()
  exit
}

# Takes --netns away from before the command, so that the rest is completed as usual.
function dropNamespace(  taken, i) {
  for (i = 1; i < ARGC; i++) if (ARGV[i] ~ /^--netns(=|$)/) elsewhere = 1
  if (ARGV[2] == "--netns" && ARGC > 4) taken = 2
  else if (ARGV[2] ~ /^--netns=/ && ARGC > 3) taken = 1
  for (i = 2; i + taken < ARGC; i++) ARGV[i] = ARGV[i + taken]
  ARGC -= taken
}

function completeScript(list) {
  if (sub(/^--netns=/, "", word)) prefix = "--netns="
  if (prefix != "" || ARGV[ARGC - 2] == "--netns") offerNamespaces()
  else offer(list)
}

function complete(  command, scope, option, equals) {
  command = scope = ARGV[2]
  if (command ~ /^-/) {
    scope = ""
    command = command ~ /^--/ ? substr(command, 3) : letters["", substr(command, 2, 1)]
    sub(/=.*/, "", command)
  }
  if (word ~ /^--[a-z-]+=/) {
    equals = index(word, "=")
    option = substr(word, 3, equals - 3)
    prefix = substr(word, 1, equals)
    word = substr(word, equals + 1)
  } else {
    option = optionOf(ARGV[ARGC - 2], scope)
  }
  if ((scope, option) in kinds) offerValues(kinds[scope, option])
  else if (prefix == "") offer(legal[scope, command])
}

# The long name of an option, or of the last one of a cluster; empty where the word is something else.
function optionOf(text, scope) {
  if (text ~ /^--[^=]+$/) return substr(text, 3)
  if (text ~ /^-[^-]/) return letters[scope, substr(text, length(text), 1)]
  return ""
}

function offerValues(kind) {
  if (kind ~ /^(TCP|UDP|SCTP|FWM)$/) offer(listTable(kind, 0))
  else if (kind == "server") offerServers()
  else if (kind == "interface") offerInterfaces()
  else if (kind == "namespace") offerNamespaces()
  else offer(kind)
}

function offer(list,  items, n, i) {
  n = split(list, items, " ")
  for (i = 1; i <= n; i++) candidate(items[i])
}

function candidate(text) {
  if (index(text, word) == 1 && !(text in seen)) print prefix text
  seen[text]
}

# What the kernel's table has in rows that begin with `first`; with `ofGiven` only under services that a word before names.
function listTable(first, ofGiven,  file, line, field, i, text, given, mine, list) {
  for (i = 3; i < ARGC - 1; i++) {
    text = ARGV[i]
    sub(/^--[a-z-]+=/, "", text)
    given[text]
  }
  # The table of another namespace cannot be seen from here.
  if (elsewhere) return ""
  file = "/proc/net/ip_vs"
  while ((getline line < file) > 0) {
    split(line, field, " ")
    if (field[1] !~ /^(TCP|UDP|SCTP|FWM|->)$/ || field[2] !~ /^[][0-9A-Fa-f:]+$/) continue
    text = endpoint(field[2])
    if (field[1] != "->") mine = text in given
    if (field[1] == first && (mine || !ofGiven)) list = list " " text
  }
  close(file)
  return list
}

function offerServers(  list) {
  list = listTable("->", 1)
  offer(list == "" ? listTable("->", 0) : list)
}

# The names of ip netns are where namespaces are mounted. A name with a blank or the like has a backslash there: it is left out.
function offerNamespaces(  file, line, field, folder) {
  file = "/proc/self/mountinfo"
  folder = "/run/netns/"
  while ((getline line < file) > 0) {
    split(line, field, " ")
    if (field[4] ~ /^net:/ && index(field[5], folder) == 1 && !index(field[5], sprintf("%c", 92))) {
      candidate(substr(field[5], length(folder) + 1))
    }
  }
  close(file)
}

# Names may hold any byte but a blank, a colon and a slash.
function offerInterfaces(  file, line) {
  if (elsewhere) return
  file = "/proc/net/dev"
  while ((getline line < file) > 0) {
    if (line !~ /:/) continue
    sub(/^ */, "", line)
    sub(/:.*/, "", line)
    candidate(line)
  }
  close(file)
}

# 0A000001:0050 -> 10.0.0.1:80, [2001:...:0001]:0050 -> [2001::1]:80, 00000007 -> 7
function endpoint(text,  end) {
  if (text !~ /:/) return number(text)
  end = ":" number(substr(text, length(text) - 3))
  text = substr(text, 1, length(text) - 5)
  return (text ~ /^[[]/ ? "[" ipv6(substr(text, 2, length(text) - 2)) "]" : ipv4(text)) end
}

function ipv4(text) {
  return number(substr(text, 1, 2)) "." number(substr(text, 3, 2)) "." number(substr(text, 5, 2)) "." number(substr(text, 7, 2))
}

function ipv6(text,  groups, n, i, zeros, size) {
  n = split(tolower(text), groups, ":")
  text = ""
  for (i = 1; i <= n; i++) {
    sub(/^0+/, "", groups[i])
    text = text ":" (groups[i] == "" ? "0" : groups[i])
  }
  text = text ":"
  # The first of the longest runs of zeros, if it is longer than one group.
  for (size = 8; size > 1; size--) {
    zeros = ":"
    for (i = 1; i <= size; i++) zeros = zeros "0:"
    i = index(text, zeros)
    if (i == 0) continue
    text = substr(text, 1, i) ":" substr(text, i + length(zeros))
    break
  }
  if (text !~ /^::/) sub(/^:/, "", text)
  if (text !~ /::$/) sub(/:$/, "", text)
  return text
}

function number(text,  i, value) {
  for (i = 1; i <= length(text); i++) value = value * 16 + index("0123456789abcdef", tolower(substr(text, i, 1))) - 1
  return sprintf("%.0f", value)
}
