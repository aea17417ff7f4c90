using System.Reflection;

namespace Acceleration.Tool;

/// <summary>Tries every strategy of the library on a network: building a sampler checks whether they fit.</summary>
internal static class StrategySurvey
{
    private const int Steps = 20;
    private const double Scale = 2;

    /// <summary>The selectors at which the free combination is tried.</summary>
    private static readonly Where[] Places =
    [
        Where.Prediction, Where.Network, Where.Chain, Where.Blocks, Where.Attention, Where.GatedAttention, Where.TemporalAttention, Where.GatedTemporalAttention, Where.CrossAttention, Where.FeedForward, Where.GatedFeedForward,
        Where.Cuts, Where.Correction,
    ];

    public static IReadOnlyList<StrategyLine> Of(IDenoiser network) =>
        [.. typeof(IStrategy).Assembly.GetTypes()
            .Where(t => t is { IsPublic: true, IsAbstract: false, IsClass: true } && t.IsAssignableTo(typeof(IStrategy)))
            .OrderBy(t => t.Name, StringComparer.Ordinal)
            .SelectMany(t => Lines(network, t))];

    private static IEnumerable<StrategyLine> Lines(IDenoiser network, Type type)
    {
        if (type == typeof(Cached))
        {
            return Places.Select(p => Try(network, type, new Cached(p, new Interval(2), How.LastValue)));
        }

        // One that is told where to work is tried everywhere, until it fits.
        var lines = Places.Select(p => Try(network, type, Example(type, p))).Distinct();
        return [lines.FirstOrDefault(l => l.Applies) ?? lines.First()];
    }

    /// <summary>One of a type, with the settings that its constructor proposes or the mildest there are; null where those do not make one.</summary>
    private static IStrategy? Example(Type type, Where place)
    {
        var constructor = type.GetConstructors().OrderBy(c => c.GetParameters().Count(p => !p.HasDefaultValue)).FirstOrDefault();
        var arguments = constructor?.GetParameters().Select(p => Argument(p, place)).ToArray();
        try
        {
            return (IStrategy?)constructor?.Invoke(arguments);
        }
        catch (TargetInvocationException e) when (e.InnerException is ArgumentException)
        {
            return null;
        }
    }

    private static object? Argument(ParameterInfo parameter, Where place) => parameter.HasDefaultValue ? parameter.DefaultValue
        : parameter.ParameterType == typeof(double) ? 0.1
        : parameter.ParameterType == typeof(int) ? 1
        : parameter.ParameterType == typeof(bool) ? false
        : parameter.ParameterType == typeof(Where) ? place
        : parameter.ParameterType == typeof(IGuidedSteps) ? new StepShare(0, 0.5)
        : parameter.ParameterType == typeof(IWhen) ? new Interval(2)
        : parameter.ParameterType == typeof(IHow) ? How.LastValue
        : parameter.ParameterType.IsAssignableFrom(typeof(int[])) ? new[] { 0 }
        : parameter.ParameterType.IsAssignableFrom(typeof(double[])) ? new[] { 2.0 }
        : OneRecord(parameter.ParameterType, place);

    /// <summary>A list with one record in it; null for other types.</summary>
    private static Array? OneRecord(Type type, Where place)
    {
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(IReadOnlyList<>) || type.GetGenericArguments()[0] is not { IsClass: true } record
            || record.GetConstructors().MinBy(c => c.GetParameters().Length) is not { } constructor)
        {
            return null;
        }

        var made = Array.CreateInstance(record, 1);
        made.SetValue(constructor.Invoke([.. constructor.GetParameters().Select(p => Argument(p, place))]), 0);
        return made;
    }

    private static StrategyLine Try(IDenoiser network, Type type, IStrategy? strategy)
    {
        if (strategy is null)
        {
            return new(type.Name, "", false, "it needs settings that cannot be guessed.");
        }

        try
        {
            var builder = Sampler.For(network);
            builder = network.Info.Prediction == PredictionType.Flow ? builder.FlowEuler(Steps) : builder.Ddim(Steps);
            if (!strategy.Needs.CombinesBranches && network.Info.HasUnconditional)
            {
                builder.Guidance(Scale);
            }

            var sampler = builder.Use(strategy).Build();
            return new(type.Name, strategy.Tag, true, sampler.Advice.Count == 0 ? null : "but " + string.Join("; ", sampler.Advice).Replace(strategy.Tag + ": ", "", StringComparison.Ordinal));
        }
        catch (StrategyConflictException e)
        {
            return new(type.Name, strategy.Tag, false, e.Message);
        }
    }
}
