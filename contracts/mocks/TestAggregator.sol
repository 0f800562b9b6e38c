// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title A feed with the interface of Chainlink's AggregatorV3, whose rounds anyone may write: whole, unanswered, or answered by an older one.
contract TestAggregator {
    struct Round {
        uint80 roundId;
        int256 answer;
        uint256 startedAt;
        uint256 updatedAt;
        uint80 answeredInRound;
    }

    uint8 public immutable decimals;
    string public description;
    uint256 public constant version = 4;
    Round private latest;

    constructor(uint8 decimals_, string memory description_) {
        decimals = decimals_;
        description = description_;
    }

    function write(Round calldata round) external {
        latest = round;
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return (latest.roundId, latest.answer, latest.startedAt, latest.updatedAt, latest.answeredInRound);
    }
}
