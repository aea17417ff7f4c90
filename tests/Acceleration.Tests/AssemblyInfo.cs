using Xunit.Sdk;
using Xunit.v3;

// TorchSharp counts live tensors per process, so a test that proves nothing leaks cannot run beside another.
[assembly: Parallelization(Mode = ParallelMode.None)]
