import { type Command, runSpelled, type Spelling, spelledOut } from './runSpelled.ts'
import { addActs } from './words/acts.ts'
import { addAgents } from './words/agents.ts'
import { addApprovals } from './words/approvals.ts'
import { addBackup, addRestore } from './words/backup.ts'
import { addDoctor } from './words/doctor.ts'
import { addEvents } from './words/events.ts'
import { addGateway } from './words/gateway.ts'
import { addInit } from './words/init.ts'
import { addInspect } from './words/inspect.ts'
import { addInvoice } from './words/invoice.ts'
import { addLedger } from './words/ledger.ts'
import { addLightning } from './words/lightning.ts'
import { addPay } from './words/pay.ts'
import { addPayouts } from './words/payouts.ts'
import { addProxy } from './words/proxy.ts'
import { addReceipt } from './words/receipt.ts'
import { addReconcile } from './words/reconcile.ts'
import { addRoute } from './words/route.ts'
import { addSuspense } from './words/suspense.ts'
import type { AddVerb, Program } from './words/tree.ts'
import { addTrigger } from './words/trigger.ts'
import { addValidate } from './words/validate.ts'
import { addVerify } from './words/verify.ts'
import { addWebhooks } from './words/webhooks.ts'

/** `name`: as it is typed. `first`: verbs that stand before those of every gateway. */
type Named = Readonly<{ name: string; first?: readonly AddVerb[] }>

const VERBS: readonly AddVerb[] = [
  addInit,
  addDoctor,
  addGateway,
  addProxy,
  addVerify,
  addReceipt,
  addLedger,
  addInvoice,
  addLightning,
  addPay,
  addInspect,
  addValidate,
  addPayouts,
  addRoute,
  addSuspense,
  addReconcile,
  addEvents,
  addActs,
  addApprovals,
  addAgents,
  addWebhooks,
  addTrigger,
  addBackup,
  addRestore,
]

/** All that can be typed. `done` is told the exit code of the verb that ran. */
export function newProgram(named: Named, done: (code: number) => void): Program {
  return spelledOut(spellingOf(named), done)
}

/** Runs what the words say and answers with the exit code. Throws `WrongWords` for those that it does not understand. */
export function runWords(words: readonly string[], named: Named): Promise<number> {
  return runSpelled(words, spellingOf(named))
}

/** The gateway's command, to be started. */
export function gatewayCommand(named: Named): Command {
  return { name: named.name, run: (words) => runWords(words, named) }
}

function spellingOf({ name, first = [] }: Named): Spelling {
  return {
    name,
    description: 'A payment gateway that moves a cent as cheaply as a dollar.',
    verbs: [...first, ...VERBS],
    examples: first.length > 0 ? ['dev', 'ledger balances'] : ['gateway --config switchyard.json', 'verify --help'],
  }
}
