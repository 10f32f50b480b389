"""Prints Cloudsplaining's findings for each of the policies in a file, as JSON."""

import json
import sys

from cloudsplaining.command.scan_policy_file import scan_policy


def actions_of(finding):
    """Privilege escalation lists ways, each with its actions; every other risk lists actions."""
    return finding["actions"] if isinstance(finding, dict) else [finding]


def risks_of(policy):
    results = scan_policy(policy)
    return [
        {"risk": risk, "actions": sorted({action for finding in result["findings"] for action in actions_of(finding)})}
        for risk, result in results.items()
        if isinstance(result, dict) and result["findings"]
    ]


with open(sys.argv[1], encoding="utf-8") as file:
    print(json.dumps([risks_of(policy) for policy in json.load(file)]))
