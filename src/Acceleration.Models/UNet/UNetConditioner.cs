using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The conditions that become part of the time embedding, one row each, in the network's type.</summary>
/// <param name="Time">[rows].</param>
internal sealed record UNetTimeInputs(Tensor Time)
{
    /// <summary>Encoded guidance scale, [rows, width].</summary>
    public Tensor? Guidance { get; init; }

    /// <summary>int64 labels, numbers or vectors.</summary>
    public Tensor? Class { get; init; }

    /// <summary>Pooled text, [rows, width].</summary>
    public Tensor? Pooled { get; init; }

    /// <summary>Sizes and crop, [rows, 6].</summary>
    public Tensor? Sizes { get; init; }
}

/// <summary>The embedding of time, class, guidance scale and sizes, and what each residual block is told of it.</summary>
internal sealed class UNetConditioner : IDisposable
{
    private readonly UNetConfig _config;
    private readonly ScalarType _type;
    private readonly Sinusoids _sinusoids;
    private readonly Sinusoids? _sizes;
    private readonly Linear? _guidance;
    private readonly UNetEmbedder _time;
    private readonly Embedding? _table;
    private readonly UNetEmbedder? _class;
    private readonly Linear? _classLayer;
    private readonly UNetEmbedder? _added;

    public UNetConditioner(UNetLoading loading)
    {
        var (c, weights) = (loading.Config, loading.Weights);
        var (t, width) = (c.Time, c.Time.Width);
        (_config, _type, Times) = (c, loading.Options.Residual, loading.Times);
        _time = UNetEmbedder.Read(weights, "time_embedding", t.Numbers, width, t.Activation);
        _guidance = t.Guidance is { } guidance ? Linear.Read(weights, "time_embedding.cond_proj", guidance, t.Numbers, hasBias: false) : null;
        _table = c.Classes.Form == UNetClassForm.Table ? Embedding.Read(weights, "class_embedding", c.Classes.Count, width) : null;
        _class = c.Classes.Form switch
        {
            UNetClassForm.Number => UNetEmbedder.Read(weights, "class_embedding", t.Numbers, width, t.Activation),
            UNetClassForm.Projection => UNetEmbedder.Read(weights, "class_embedding", c.Classes.Width, width, Activation.Silu),
            _ => null,
        };
        _classLayer = c.Classes.Form == UNetClassForm.Linear ? Linear.Read(weights, "class_embedding", c.Classes.Width, width) : null;
        _added = c.TextTime is { } added ? UNetEmbedder.Read(weights, "add_embedding", added.Pooled + (UNetConfig.TimeIds * added.Number), width, Activation.Silu) : null;

        // These outlive the scope of loading: last, so that a file that cannot be read leaves none behind.
        _sinusoids = new(t.Numbers, t.CosinesFirst, t.Shift, Times.Device);
        _sizes = c.TextTime is { } sizes ? new(sizes.Number, t.CosinesFirst, t.Shift, Times.Device) : null;
    }

    public UNetTimes Times { get; }

    /// <summary>Refuses labels, int64 in host memory, that have no embedding.</summary>
    public void RequireKnown(Tensor labels) => _table!.RequireKnown(labels);

    public void Dispose()
    {
        _sinusoids.Dispose();
        _sizes?.Dispose();
    }

    /// <summary>The embedding [rows, width], and [rows, n] of all residual blocks.</summary>
    public (Tensor Embedding, Tensor Times) Compute(UNetTimeInputs given)
    {
        using var scope = NewDisposeScope();
        var numbers = _sinusoids.Apply(given.Time, _type);
        if (given.Guidance is { } guidance)
        {
            numbers.Increase(_guidance!.Apply(guidance));
        }

        var embedding = _time.Apply(numbers);
        embedding = Active(_config.Time.Last, embedding);
        if (given.Class is { } labels)
        {
            var known = OfClass(labels);
            embedding = _config.Classes.IsJoined ? cat([embedding, known], 1) : embedding.Plus(known);
        }

        if (_added is not null)
        {
            var sizes = _sizes!.Apply(given.Sizes!.reshape(-1), _type).reshape(given.Sizes!.size(0), -1);
            embedding = embedding.Plus(_added.Apply(cat([given.Pooled!, sizes], 1)));
        }

        embedding = Active(_config.Time.OfSum, embedding);
        var times = Times.Compute(embedding);
        return (embedding.MoveToOuterDisposeScope(), times.MoveToOuterDisposeScope());
    }

    private Tensor OfClass(Tensor given) => _config.Classes.Form switch
    {
        UNetClassForm.Table => _table!.Apply(given),
        UNetClassForm.Number => _class!.Apply(_sinusoids.Apply(given, _type)),
        UNetClassForm.Projection => _class!.Apply(given),
        UNetClassForm.Linear => _classLayer!.Apply(given),
        _ => given,
    };

    private static Tensor Active(Activation? activation, Tensor x) => activation is { } known ? known.Apply(x) : x;
}
