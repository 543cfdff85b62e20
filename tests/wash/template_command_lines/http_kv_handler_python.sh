. "$(dirname "$0")/lib"
python_project http-kv-handler-python
serve
ask_kv
finish
passed python -m unittest
