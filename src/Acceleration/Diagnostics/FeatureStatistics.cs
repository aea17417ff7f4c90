using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Mean and covariance of the features of many pictures: one side of a <see cref="FrechetDistance"/>. Owns its tensors.</summary>
public sealed class FeatureStatistics : IDisposable
{
    private FeatureStatistics(Tensor mean, Tensor covariance) => (Mean, Covariance) = (mean.DetachFromDisposeScope(), covariance.DetachFromDisposeScope());

    /// <summary>float64 [features], on the CPU.</summary>
    public Tensor Mean { get; }

    /// <summary>Unbiased, float64 [features, features], on the CPU.</summary>
    public Tensor Covariance { get; }

    /// <summary>Those of given features.</summary>
    /// <param name="features">[pictures, features], at least two pictures, finite.</param>
    /// <exception cref="ArgumentException">Another rank, fewer pictures, or a value that is not finite.</exception>
    public static FeatureStatistics Of(Tensor features)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.ndim != 2 || features.size(0) < 2)
        {
            throw new ArgumentException($"Features are [pictures, features] of at least two pictures; got [{string.Join(", ", features.shape)}].", nameof(features));
        }

        using var scope = NewDisposeScope();
        var x = HostReads.Copy(features).to(ScalarType.Float64);
        RequireFinite(x, nameof(features));
        var mean = x.mean([0]);
        var centred = x - mean;
        return new(mean, centred.t().matmul(centred).Over(x.size(0) - 1));
    }

    /// <summary>Known ones.</summary>
    /// <param name="mean">[features].</param>
    /// <param name="covariance">[features, features], symmetric.</param>
    /// <exception cref="ArgumentException">Shapes do not fit each other, or a value is not finite.</exception>
    public static FeatureStatistics From(Tensor mean, Tensor covariance)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(covariance);
        if (mean.ndim != 1 || covariance.ndim != 2 || covariance.size(0) != mean.size(0) || covariance.size(1) != mean.size(0))
        {
            throw new ArgumentException($"A mean [n] goes with a covariance [n, n]; got [{string.Join(", ", mean.shape)}] and [{string.Join(", ", covariance.shape)}].", nameof(covariance));
        }

        using var scope = NewDisposeScope();
        var (m, c) = (HostReads.Copy(mean).to(ScalarType.Float64), HostReads.Copy(covariance).to(ScalarType.Float64));
        RequireFinite(m, nameof(mean));
        RequireFinite(c, nameof(covariance));
        return new(m.alias(), c.Plus(c.t()).Times(0.5));
    }

    /// <summary>Reads <c>PREFIX.mean</c> and <c>PREFIX.covariance</c> from a safetensors file.</summary>
    /// <exception cref="CheckpointException">The file is missing or malformed, or lacks one of them.</exception>
    public static FeatureStatistics Load(string path, string prefix)
    {
        using var file = SafetensorsFile.Open(path);
        using var scope = NewDisposeScope();
        return From(file.Read($"{prefix}.mean"), file.Read($"{prefix}.covariance"));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Mean.Dispose();
        Covariance.Dispose();
    }

    private static void RequireFinite(Tensor x, string name)
    {
        if (!HostReads.Bools(x.isfinite().all())[0])
        {
            throw new ArgumentException("Features must be finite: one is NaN or infinite.", name);
        }
    }
}
