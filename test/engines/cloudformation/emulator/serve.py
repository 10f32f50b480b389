"""moto's server on one loopback port, with the resource types of resource_types.py beside its own."""

import json
import logging
import sys

import resource_types  # noqa: F401 -- before moto looks for its models
from moto.cloudformation.parsing import get_model_map
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple


def types():
    own = {model.cloudformation_type() for model in resource_types.TAUGHT}
    return {"own": sorted(set(get_model_map()) - own), "taught": sorted(own)}


if sys.argv[1:] == ["--types"]:
    print(json.dumps(types()))
else:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    run_simple("127.0.0.1", int(sys.argv[1]), DomainDispatcherApplication(create_backend_app), threaded=True)
