// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeERC20, IERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Channels without their guards, to show the attack that each guard stops. Never deploy it.
/// @dev One channel a payer and token. A voucher is a signature over the channel and a number, with no word of chain or contract.
contract NaiveChannels {
    using SafeERC20 for IERC20;

    mapping(address payer => mapping(IERC20 token => uint256)) public deposit;
    mapping(address payer => mapping(IERC20 token => uint256)) public claimed;
    uint256 public received;

    function open(IERC20 token, uint256 value) external {
        token.safeTransferFrom(msg.sender, address(this), value);
        deposit[msg.sender][token] += value;
    }

    /// @notice Nothing in it says for which contract or chain it is meant.
    function digestOf(address payer, IERC20 token, uint256 cumulative) public pure returns (bytes32) {
        return keccak256(abi.encode(payer, token, cumulative));
    }

    /// @notice The rest goes back at once: a payer who sees a claim coming is there first.
    function withdrawNow(IERC20 token) external {
        uint256 rest = deposit[msg.sender][token] - claimed[msg.sender][token];
        claimed[msg.sender][token] = deposit[msg.sender][token];
        token.safeTransfer(msg.sender, rest);
    }

    /// @notice Adds each voucher's number, as if it were an amount and not the sum of all so far.
    function claimAmount(address payer, IERC20 token, uint256 cumulative, bytes calldata signature) external {
        _requireSigned(payer, token, cumulative, signature);
        claimed[payer][token] += cumulative;
        require(claimed[payer][token] <= deposit[payer][token], "deposit");
        received += cumulative;
    }

    /// @notice All rows or none.
    function claimAll(address[] calldata payers, IERC20 token, uint256[] calldata sums, bytes[] calldata signatures) external {
        for (uint256 i = 0; i < payers.length; i++) {
            _requireSigned(payers[i], token, sums[i], signatures[i]);
            require(sums[i] <= deposit[payers[i]][token], "deposit");
            received += sums[i] - claimed[payers[i]][token];
            claimed[payers[i]][token] = sums[i];
        }
    }

    /// @notice Compares the low 96 bits, and credits all of them.
    function claimTruncated(address payer, IERC20 token, uint128 cumulative, bytes calldata signature) external {
        _requireSigned(payer, token, cumulative, signature);
        require(uint96(cumulative) <= deposit[payer][token], "deposit");
        received += cumulative - claimed[payer][token];
        claimed[payer][token] = uint96(cumulative);
    }

    function _requireSigned(address payer, IERC20 token, uint256 cumulative, bytes calldata signature) private pure {
        (bytes32 r, bytes32 s) = abi.decode(signature[:64], (bytes32, bytes32));
        require(ecrecover(digestOf(payer, token, cumulative), uint8(signature[64]), r, s) == payer, "signature");
    }
}
