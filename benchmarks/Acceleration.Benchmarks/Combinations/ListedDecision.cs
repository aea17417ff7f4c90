namespace Acceleration.Benchmarks;

/// <summary>A decision whose settings are few: they are all tried.</summary>
internal sealed class ListedDecision(string name, Func<IWhen, IHow, Cached> at, params IReadOnlyList<IWhen> settings) : CombinationDecision(name, at)
{
    public override void Sweep(IReadOnlyList<double> made, Func<IWhen, double> run)
    {
        foreach (var setting in settings)
        {
            run(setting);
        }
    }
}
