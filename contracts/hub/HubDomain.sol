// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

/// @title The EIP-712 domain of everything that is signed for the hub itself: chain and contract are in it, so no signature works elsewhere.
abstract contract HubDomain is EIP712("SettlementHub", "1") {}
