/** A defect planted in a copy of the ledger: `find` stands exactly once in the file and is replaced. */
export type Mutant = Readonly<{ name: string; file: string; find: string; replace: string }>

/** Defects that a ledger must not have. Each has to be caught by the recorded cases, the behaviour suite or the comparison with the model. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: 'a refused id can be used again',
    file: 'machine/chain.ts',
    find: "if (status !== 'created' && TRANSIENT.has(status)) burn",
    replace: 'if (TRANSIENT.size < 0) burn',
  },
  {
    name: 'a burned id is not told from a transfer',
    file: 'machine/transfers.ts',
    find: "if (stored.kind === f.KIND.burned) return 'id_already_failed'",
    replace: 'if (stored.kind === f.KIND.burned) return undefined',
  },
  { name: 'a broken chain is not undone', file: 'machine/chain.ts', find: '      rollbackTo(state, chain.mark)\n', replace: '' },
  {
    name: 'what fails because of its chain is burned',
    file: 'machine/chain.ts',
    find: "'exceeds_credits',",
    replace: "'exceeds_credits',\n  'linked_event_failed',",
  },
  {
    name: 'a void can name a part',
    file: 'machine/twoPhase.ts',
    find: "  if (voids && asked < 0) return 'pending_transfer_has_different_amount'\n",
    replace: '',
  },
  { name: 'a post takes all', file: 'machine/twoPhase.ts', find: 'if (whole) take(f.AMOUNT, 4)', replace: 'take(f.AMOUNT, 4)' },
  {
    name: 'a hold can be posted twice',
    file: 'machine/twoPhase.ts',
    find: "if (standing === PENDING.posted) return 'pending_transfer_already_posted'",
    replace: 'if (standing === PENDING.posted) return undefined',
  },
  {
    name: 'holds do not expire for those who resolve them',
    file: 'machine/twoPhase.ts',
    find: "return timed && answeredAt(batch, i) >= expiresAt(pending.rows, pending.at) ? 'pending_transfer_expired' : undefined",
    replace: 'return timed && answeredAt(batch, i) < 0n ? undefined : undefined',
  },
  {
    name: 'an expiry comes a nanosecond late',
    file: 'machine/twoPhase.ts',
    find: 'answeredAt(batch, i) >= expiresAt',
    replace: 'answeredAt(batch, i) > expiresAt',
  },
  {
    name: 'expired holds are not released',
    file: 'machine/effects.ts',
    find: '  release(sides, pending, { reopen: true })\n  pushRecord',
    replace: '  pushRecord',
  },
  {
    name: 'an overdraft by one is allowed',
    file: 'rows/words.ts',
    find: 'return sum[4] !== 0 || compareWords(sum, 0, a, i, 4) > 0',
    replace: 'return sum[4] !== 0 || (compareWords(sum, 0, a, i, 4) > 0 && (sum[0]! - a[i]!) >>> 0 !== 1)',
  },
  {
    name: 'what is pending does not count against the limit',
    file: 'machine/limits.ts',
    find: 'sumOf(words, at + DEBITS_PENDING, at + DEBITS_POSTED, amount, i)\n  return sumExceeds',
    replace: 'sumOf(words, at + DEBITS_POSTED, amount === words ? at : at + 31, amount, i)\n  return sumExceeds',
  },
  {
    name: 'a carry is lost between the words of a balance',
    file: 'rows/words.ts',
    find: '    a[i + k] = sum\n    carry = sum > 0xffff_ffff ? 1 : 0',
    replace: '    a[i + k] = sum\n    carry = 0',
  },
  {
    name: 'a retry with other user data looks honest',
    file: 'machine/transferExists.ts',
    find: "  if (!same128(a, at + f.USER_DATA_128, b, stored.at + f.USER_DATA_128)) return 'exists_with_different_user_data_128'\n  if (!same64",
    replace: '  if (!same64',
  },
  {
    name: 'balancing_credit is ignored',
    file: 'machine/transfers.ts',
    find: 'clampToCredit(credit, asked, 0)',
    replace: 'clampToCredit(credit, new Uint32Array(4), 0)',
  },
  {
    name: 'a closed account takes credits',
    file: 'machine/limits.ts',
    find: "  if ((flagsAt(credit.words, credit.at) & AccountFlags.closed) !== 0) return 'credit_account_already_closed'\n",
    replace: '',
  },
  {
    name: 'the debit account is that of the transfer before, whatever its id',
    file: 'machine/transfers.ts',
    find: 'if (debit && same128(debit.words, debit.at + f.ID, rows.words, at)) return debit',
    replace: 'if (debit) return debit',
  },
  { name: 'no balance is too large', file: 'machine/limits.ts', find: '>>> 30 === 0', replace: '>>> 30 >= 0' },
  {
    name: 'ledger and code are checked in the other order',
    file: 'machine/transfers.ts',
    find: "  if (words[at + f.LEDGER] === 0) return 'ledger_must_not_be_zero'\n  if (f.codeAt(words, at) === 0) return 'code_must_not_be_zero'\n",
    replace:
      "  if (f.codeAt(words, at) === 0) return 'code_must_not_be_zero'\n  if (words[at + f.LEDGER] === 0) return 'ledger_must_not_be_zero'\n",
  },
  {
    name: 'an undone post leaves its hold resolved',
    file: 'machine/effects.ts',
    find: '    setPendingStatus(state.log, pending.place, PENDING.pending)\n    if (pending.words',
    replace: '    if (pending.words',
  },
  {
    name: 'a restored account is filed in another place',
    file: 'rows/ledgerImage.ts',
    find: 'accountAt(accounts, accounts.count))',
    replace: 'accountAt(accounts, accounts.count === 3 ? 2 : accounts.count))',
  },
  {
    name: 'the history keeps the balances of what was undone',
    file: 'machine/effects.ts',
    find: '    if (transferOf(words, at) < log.count) return',
    replace: '    if (transferOf(words, at) >= 0) return',
  },
]
