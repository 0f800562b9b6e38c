import { type Command, runSpelled } from './runSpelled.ts'
import { addInspect } from './words/inspect.ts'
import { addMcp } from './words/mcp.ts'
import { addPay } from './words/pay.ts'
import { addValidate } from './words/validate.ts'

/** The payer's command, which is a part of the gateway's. */
export function clientCommand(name: string): Command {
  const description = 'Pays HTTP 402 answers within a budget, and says what an endpoint asks.'
  const verbs = [addPay, addInspect, addValidate, addMcp]
  const examples = ['pay https://api.example.com/joke --max 0.01', 'validate --help']
  return { name, run: (words) => runSpelled(words, { name, description, verbs, examples }) }
}
