using static TorchSharp.torch;

namespace Acceleration.Tests.Core.Faults;

/// <summary>Counts the moments of a run at which something can go wrong, and lets it go wrong at one of them.</summary>
internal sealed class FaultSource : IDisposable
{
    private CancellationTokenSource _source = new();
    private int _moment;

    /// <summary>Thrown by <see cref="FaultKind.Throw"/>.</summary>
    public FormatException Cause { get; } = new("on purpose");

    /// <summary>The moment, or -1 for none.</summary>
    public int At { get; private set; } = -1;

    public FaultKind Kind { get; private set; }

    /// <summary>Moments so far.</summary>
    public int Moments => _moment;

    /// <summary>The step that runs.</summary>
    public StepInfo? Step { get; set; }

    /// <summary>Where it went wrong: step, site, and whether in a body of the network.</summary>
    public (StepInfo Step, string? Site, bool InBody)? Fired { get; private set; }

    public CancellationToken Token => _source.Token;

    public void Arm(int at, FaultKind kind)
    {
        _source.Dispose();
        (_source, At, Kind, Fired, _moment) = (new(), at, kind, null, 0);
    }

    /// <summary>A body of the network, which has no wrong answers here.</summary>
    public void InBody(string site)
    {
        if (Meets(site, inBody: true))
        {
            Strike(FaultKind.Throw);
        }
    }

    /// <summary>A site at which a hook answers.</summary>
    public Value AtSite(SiteCall call, Value value)
    {
        if (!Meets(call.Site.Path, inBody: false))
        {
            return value;
        }

        // What a site that changes shapes returns cannot be judged.
        var judged = call.Site.Traits.HasFlag(SiteTraits.ShapePreserving) || Kind == FaultKind.NotANumber;
        return Strike(judged ? Kind : FaultKind.Nothing) switch
        {
            FaultKind.WrongShape => value.Map(t => t.narrow(-1, 0, t.size(-1) - 1)),
            FaultKind.WrongType => value.Map(t => t.to(ScalarType.Int64)),
            FaultKind.NotANumber => value.Map(t => t * float.NaN),
            FaultKind.Nothing => default,
            _ => value,
        };
    }

    /// <summary>Anything else that returns a tensor.</summary>
    public Tensor Outside(Tensor value)
    {
        if (!Meets(null, inBody: false))
        {
            return value;
        }

        return Strike(Kind) switch
        {
            FaultKind.WrongShape => value.narrow(-1, 0, value.size(-1) - 1),
            FaultKind.WrongType => value.to(ScalarType.Float64),
            FaultKind.NotANumber => value * float.NaN,
            FaultKind.Nothing => null!,
            _ => value,
        };
    }

    public void Dispose() => _source.Dispose();

    private bool Meets(string? site, bool inBody)
    {
        if (_moment++ != At)
        {
            return false;
        }

        Fired = (Step!, site, inBody);
        return true;
    }

    /// <summary>Throws, cancels or allocates; else the wrong answer to give, or <paramref name="instead"/> where there is none.</summary>
    private FaultKind Strike(FaultKind instead)
    {
        switch (Kind is FaultKind.Throw or FaultKind.Cancel or FaultKind.OutOfMemory ? Kind : instead)
        {
            case FaultKind.Throw:
                throw Cause;
            case FaultKind.Cancel:
                _source.Cancel();
                return FaultKind.Cancel;
            case FaultKind.OutOfMemory:
                throw Impossible();
            case var wrong:
                return wrong;
        }
    }

    private static Exception Impossible()
    {
        using var huge = empty(1L << 60);
        return new InvalidOperationException("Memory was found.");
    }
}
