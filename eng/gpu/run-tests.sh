#!/usr/bin/env bash
# The test suite on a GPU. Options of the test program may follow, such as -namespace Acceleration.Tests.Models.
source "$(dirname "${BASH_SOURCE[0]}")/torch.sh"
tests=$(program Acceleration.Tests tests/Acceleration.Tests)
export ACCELERATION_TEST_DEVICE=$DEVICE
exec "$tests" "$@"
