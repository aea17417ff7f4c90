using static TorchSharp.torch;

namespace Acceleration.Tests.Toys;

/// <summary>Networks whose output is known in closed form. Latents are [rows, 1, 4, 4] unless asked otherwise.</summary>
internal static class Toy
{
    public const int Classes = 10;

    public static NoiseTable Noise { get; } = NoiseTable.Make(BetaSchedule.Linear);

    /// <summary>What samplers must know; class labels 0..9, the unconditional branch has label 10.</summary>
    public static DenoiserInfo Info(string name, PredictionType type = PredictionType.Flow, SiteMap? sites = null, params long[] size) => new()
    {
        Name = name,
        Prediction = type,
        SampleSize = size.Length == 0 ? [1, 4, 4] : size,
        Noise = type == PredictionType.Flow ? null : Noise,
        Classes = Classes,
        Device = TestDevice.Current,
        Sites = sites ?? new SiteMap(new CostModel(100)),
        Unconditional = c => Conditioning.Labels([.. Enumerable.Repeat((long)Classes, c.Rows)]),
    };

    /// <summary>m = c.</summary>
    public static IDenoiser Constant(double c, PredictionType type = PredictionType.Flow) => Affine(0, c, type: type);

    /// <summary>m = a·x + c + shift·label.</summary>
    public static IDenoiser Affine(double a, double c, double shift = 0, PredictionType type = PredictionType.Flow) =>
        Denoiser.From(Info("affine", type), (x, _, condition) =>
        {
            var m = (x * a) + c;
            return shift == 0 ? m : m + (PerRow(condition["labels"].to(ScalarType.Float32), x) * shift);
        });

    /// <summary>m = p + q·s with s = t / 1000.</summary>
    public static IDenoiser LinearInTime(double p, double q, PredictionType type = PredictionType.Flow) => QuadraticInTime(p, q, 0, type);

    /// <summary>m = p + q·s + r·s² with s = t / 1000.</summary>
    public static IDenoiser QuadraticInTime(double p, double q, double r, PredictionType type = PredictionType.Flow) =>
        Denoiser.From(Info("polynomial", type), (x, t, _) =>
        {
            var s = PerRow(t / 1000.0, x);
            return (((s * r) + q) * s) + p + zeros_like(x);
        });

    /// <summary>Labels 0..samples-1, seed 5.</summary>
    public static SamplingRequest Request(int samples = 1, long seed = 5) => new()
    {
        Condition = Conditioning.Labels([.. Enumerable.Range(0, samples).Select(i => (long)i % Classes)]),
        Seed = seed,
    };

    /// <summary>Runs a request of <paramref name="samples"/> samples and returns the latents as managed memory.</summary>
    public static (float[] Values, Trace Trace) Run(Sampler sampler, int samples = 1, long seed = 5)
    {
        var request = Request(samples, seed);
        using var condition = request.Condition;
        using var result = sampler.Generate(request);
        return (result.Latents.Floats(), result.Trace);
    }

    /// <summary>All values, row-major.</summary>
    public static float[] Floats(this Tensor t)
    {
        using var scope = NewDisposeScope();
        return t.to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
    }

    /// <summary>[rows] → [rows, 1, 1, ...] with as many dimensions as <paramref name="like"/>.</summary>
    public static Tensor PerRow(Tensor perRow, Tensor like)
    {
        var shape = Enumerable.Repeat(1L, (int)like.ndim).ToArray();
        shape[0] = perRow.size(0);
        return perRow.view(shape);
    }

    /// <summary>A fixed matrix with entries of about ±scale.</summary>
    public static Tensor Matrix(ulong seed, double scale, params long[] shape)
    {
        using var generator = new Generator(seed);
        using var values = randn(shape, generator: generator);
        using var scaled = values * scale;
        using var moved = scaled.to(TestDevice.Current);
        return moved.alias().DetachFromDisposeScope();
    }
}
