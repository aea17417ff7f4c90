using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Decisions and results of EasyCache on recorded network outputs, step by step.</summary>
internal sealed class EasyCacheCheck : ICheck
{
    private const string Technique = "EasyCache decision logic";

    public string Kind => "caching";

    public string Knows => "EasyCache decision logic";

    public bool Fits(GoldenFile file) => file.TextOrNull("technique") == Technique;

    public void Run(GoldenFile file, Findings found, CancellationToken cancellation)
    {
        var cases = file.Config("cases");
        foreach (var name in new[] { "single", "pair" }.Where(cases.Has))
        {
            var settings = cases.Inner(name);
            var (strategy, skipped) = name == "single" ? Single(settings) : Pair(settings);
            settings.RequireAllRead();
            var run = new EasyCacheRun(file, found, name, strategy, skipped);

            // The result must not depend on whether branches share a call.
            foreach (var separate in name == "single" ? [false] : new[] { false, true })
            {
                cancellation.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                run.Compare(separate, cancellation);
            }
        }

        cases.RequireAllRead();
    }

    private static (EasyCache Strategy, long[] Skipped) Single(StoredConfig settings)
    {
        settings.Ignore("steps");
        return (new(settings.Get<double>("thresh"), settings.Get<int>("ret_steps")), settings.Get<long[]>("skipped", []));
    }

    /// <summary>Its numbers count calls, two of which make a step.</summary>
    private static (EasyCache Strategy, long[] Skipped) Pair(StoredConfig settings)
    {
        settings.Ignore("steps");
        var (warmup, tail) = (settings.Get<int>("ret_steps_calls"), settings.Get<int>("calls") - settings.Get<int>("cutoff_calls"));
        return warmup % 2 == 0 && tail % 2 == 0
            ? (new(settings.Get<double>("thresh"), warmup / 2) { Tail = tail / 2 }, settings.Get<long[]>("skipped_steps", []))
            : throw new NotKnownException($"case pair: {warmup} warm-up calls and {tail} at the end are no whole steps of two calls.");
    }
}
