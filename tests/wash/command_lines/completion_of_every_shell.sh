for shell in bash elvish fish powershell zsh; do
  echo "--- $shell"; wash completion $shell
done
wash completion tcsh
