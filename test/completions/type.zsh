#!/usr/bin/zsh -f
# type.zsh SHELL LINE: starts an interactive bash, zsh or fish on a terminal, types LINE and the Tab key, and prints the words
# that the shell then makes of the line, one a line: what a person would run.
zmodload zsh/zpty
completions=${0:A:h}/../../completions
case $1 in
  bash) start=(bash --norc --noprofile); setup="source ${(q)completions}/ipvsadm.bash" ;;
  # Not the rest of its completions: reading them takes half a minute in the guest.
  zsh) start=(zsh -f); setup="fpath=(${(q)completions} \${(M)fpath:#*/Completion(/Base|)}); autoload -Uz compinit; compinit -u -D" ;;
  fish) start=(fish --no-config); setup="source ${(q)completions}/ipvsadm.fish" ;;
esac
export TERM=dumb HOME=$(mktemp -d)
zpty terminal $start
zpty -w terminal "$setup; printf 'set%s\\n' up"
zpty -r terminal output '*setup*' || exit 1
# Ctrl-A puts printf before the line, so that the shell itself reads what it has completed.
zpty -w -n terminal "$2"$'\t\x01'"printf '{%s}' "$'\x05'" the-end"$'\r'
zpty -r terminal output '*{the-end}*' || exit 1
zpty -d terminal
rm -r $HOME
first='{ipvsadm}{' between='}{' last='}{the-end}'
output=${${output##*$first}%$last*}
print -rl -- ${(ps:$between:)output}
