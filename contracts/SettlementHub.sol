// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {HubClaims} from "./hub/HubClaims.sol";
import {HubPayments} from "./hub/HubPayments.sol";
import {HubReceivers} from "./hub/HubReceivers.sol";
import {HubVouchers} from "./hub/HubVouchers.sol";
import {ISettlementHub} from "./interfaces/ISettlementHub.sol";

/// @title The hub of this chain; what it does for a caller is said at its interface.
/// @dev No owner, no constructor arguments, no upgrade: the same bytecode on every chain. Each part says in `hub/` why it is safe.
contract SettlementHub is HubPayments, HubReceivers, HubClaims, HubVouchers, ISettlementHub {}
