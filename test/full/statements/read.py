"""Prints what an MT940 and a camt.053 file say, as JSON: both balances, each movement in cents, and what is written on it."""
import json
import sys

import mt940
from pyiso20022.camt import camt_053_001_08 as camt
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.parsers.config import ParserConfig


def cents(amount, sign=1):
    return int(amount * 100) * sign


def read_mt940(path):
    with open(path, encoding="ascii", newline="") as file:
        found = mt940.parse(file.read())
    data = found.data
    return {
        "account": data["account_identification"],
        "balances": [cents(data[name].amount.amount) for name in ("final_opening_balance", "final_closing_balance")],
        "movements": [cents(one.data["amount"].amount) for one in found],
        "texts": [one.data["transaction_details"].replace("\n", "") for one in found],
    }


def read_camt(path):
    strict = ParserConfig(fail_on_unknown_properties=True, fail_on_unknown_attributes=True, fail_on_converter_warnings=True)
    document = XmlParser(config=strict).parse(path, camt.Document)
    statement = document.bk_to_cstmr_stmt.stmt[0]
    signed = lambda one: cents(one.amt.value, 1 if one.cdt_dbt_ind.value == "CRDT" else -1)
    return {
        "account": statement.acct.id.othr.id,
        "balances": [signed(one) for one in statement.bal],
        "movements": [signed(one) for one in statement.ntry],
        "texts": [one.ntry_dtls[0].tx_dtls[0].rmt_inf.ustrd[0] if one.ntry_dtls[0].tx_dtls[0].rmt_inf else "" for one in statement.ntry],
    }


print(json.dumps({"mt940": read_mt940(sys.argv[1]), "camt": read_camt(sys.argv[2])}))
