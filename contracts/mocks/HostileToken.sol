// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A token that calls its sender's agent before it moves anything, and keeps a fee when told to. Never deploy it.
/// @dev The call-back is what ERC-777 gave every holder; the fee is what some tokens take on transfer.
contract HostileToken is ERC20("Hostile", "BAD") {
    address public agent;
    bytes public order;
    uint256 public feePerMille;

    function mint(address to, uint256 value) external {
        _mint(to, value);
    }

    function allow(address owner, address spender, uint256 value) external {
        _approve(owner, spender, value);
    }

    function setFee(uint256 perMille) external {
        feePerMille = perMille;
    }

    /// @notice The next transfer first calls `agent_` with `order_`.
    function arm(address agent_, bytes calldata order_) external {
        agent = agent_;
        order = order_;
    }

    /// @notice Claims to move the money and does nothing.
    function receiveWithAuthorization(address, address, uint256, uint256, uint256, bytes32, bytes calldata) external {}

    function _update(address from, address to, uint256 value) internal override {
        address called = agent;
        if (called != address(0)) {
            agent = address(0);
            (bool ok, bytes memory answer) = called.call(order);
            if (!ok) {
                assembly ("memory-safe") {
                    revert(add(answer, 0x20), mload(answer))
                }
            }
        }
        uint256 fee = from == address(0) ? 0 : (value * feePerMille) / 1000;
        if (fee > 0) super._update(from, address(0), fee);
        super._update(from, to, value - fee);
    }
}
