import { dataOption, headerOption, methodOption, WALLET_NOTES, walletOption } from './requestOptions.ts'
import { type AddVerb, explain, jsonOption, nameOf } from './tree.ts'

/** `pay URL`. */
export const addPay: AddVerb = (program, ends) => {
  const command = program
    .command('pay')
    .summary('request a URL, and pay what it asks')
    .description(
      'Requests a URL as curl does and pays a 402 by the cheapest way. The answer goes to standard output, the rest to standard error.',
    )
    .argument('<url>', 'what is requested')
    .option('--max <usd>', 'the most that it may cost; needed unless the wallet’s file has a budget')
    .option('--by <ways>', 'pay in these ways alone, such as lightning, evm, book, x402, mpp or l402, joined by commas')
    .option('--dry-run', 'say what it would cost, and pay nothing')
    .option('--confirm', 'ask at the terminal before anything is paid; then --max may be left out')
    .option('--yes', 'agree beforehand to what --confirm would ask')
    .option('--output <file>', 'put the answer into this new file')
    .option('--forget', 'no longer look up an earlier payment for this request, which stays spent, nor show tokens bought at its server')
    .addOption(methodOption)
    .addOption(headerOption)
    .addOption(dataOption)
    .addOption(walletOption)
    .addOption(jsonOption)
    .action(ends(async (url, o, self) => (await import('../pay/pay.ts')).pay(url, o, nameOf(self))))
  explain(command, {
    notes: WALLET_NOTES,
    examples: [
      'pay https://api.example.com/joke --max 0.01',
      'pay https://api.example.com/joke --confirm',
      'pay https://api.example.com/film --max 0.5 --output a.mp4',
      'pay https://api.example.com/joke --dry-run',
    ],
    exits: {
      0: 'answered with success',
      1: 'refused; nothing was paid, and the message says why',
      3: 'a payment may have left: type the same again, it pays nothing',
      4: 'answered, and the answer is no success',
    },
  })
}
