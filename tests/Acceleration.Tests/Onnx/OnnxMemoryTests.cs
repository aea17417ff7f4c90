using Acceleration.Onnx;
using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace Acceleration.Tests.Onnx;

public sealed class OnnxMemoryTests : OnnxTest
{
    [Fact]
    public void InputsAndOutputsAreLibtorchsOwnMemory()
    {
        using var model = OnnxModel.Of(OnnxModel.Dit);
        using var session = new InferenceSession(model.File);
        Port[] inputs = [.. session.InputNames.Select(n => Port.Of(model.File, n, session.InputMetadata[n]))];
        Port[] outputs = [.. session.OutputNames.Select(n => Port.Of(model.File, n, session.OutputMetadata[n]))];
        using var labels = model.Condition["labels"].alias();
        using var output = zeros_like(model.Output);
        using var binding = new GraphBinding(session, inputs, outputs, OrtMemoryInfo.DefaultInstance);
        using var run = new RunOptions();

        using var view = TensorMemory.View(model.Latents, model.Latents.shape, TensorMemory.Address(model.Latents), OrtMemoryInfo.DefaultInstance);
        Assert.Equal(TensorMemory.Address(model.Latents), Address(view));

        Tensor[] given = [model.Latents, model.Timestep, labels];
        binding.Inputs(given);
        binding.Outputs([output]);
        session.RunWithBinding(run, binding.Bound);
        using var made = binding.Bound.GetOutputValues();
        Assert.Equal(TensorMemory.Address(output), Address(made[0]));
        Assert.True(model.Off(output) < 1e-4);
        Assert.True(binding.Fits(given));

        static nint Address(OrtValue value) => TensorMemory.Address(value.GetTensorMutableRawData());
    }

    [Fact]
    public void ASliceIsReadWhereItLies()
    {
        using var scope = NewDisposeScope();
        var whole = arange(12, dtype: ScalarType.Float32).view(3, 4);
        var row = whole[1];
        Assert.Equal(TensorMemory.Address(whole) + (4 * sizeof(float)), TensorMemory.Address(row));
    }

    [Fact]
    public void StepsAfterTheFirstAllocateNothingThatStays()
    {
        using var model = OnnxModel.Of(OnnxModel.Dit);
        using var network = OnnxDenoiser.Load(model.Folder);
        Call(20);
        var (live, before) = (Tensor.TotalCount, GC.GetAllocatedBytesForCurrentThread());
        Call(50);
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / 50;
        Assert.Equal(live, Tensor.TotalCount);

        // Handles of tensors and scopes: no buffer of a size that grows with the model's, of which the smallest here has 12 KiB.
        Assert.True(each < 8192, $"{each} bytes a call");

        void Call(int times)
        {
            for (var i = 0; i < times; i++)
            {
                model.Predict(network).Dispose();
            }
        }
    }

    [Fact]
    public void ConcurrentRequestsShareOneModel()
    {
        using var model = OnnxModel.Of(OnnxModel.Dit);
        using var network = OnnxDenoiser.Load(Split(OnnxModel.Dit));
        var wrong = 0;
        var threads = Enumerable.Range(0, 6).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < 20; i++)
            {
                using var output = model.Predict(network);
                if (!(model.Off(output) < 1e-4))
                {
                    Interlocked.Increment(ref wrong);
                }
            }
        })).ToArray();
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        Assert.Equal(0, wrong);
    }

    [Fact]
    public void RowsOfAnyNumberComeOutAsAlone()
    {
        using var model = OnnxModel.Of(OnnxModel.Dit);
        using var network = OnnxDenoiser.Load(model.Folder);
        using var all = model.Predict(network);
        for (var row = 0; row < 3; row++)
        {
            using var scope = NewDisposeScope();
            using var condition = model.Condition.Take([row]);
            var one = network.Predict(model.Latents.narrow(0, row, 1), model.Timestep.narrow(0, row, 1), condition, Evaluation.Plain(1));
            Assert.True((one - all.narrow(0, row, 1)).abs().max().item<float>() < 1e-5);
        }
    }
}
