namespace Acceleration;

/// <summary>Refuses conditions that the network does not read, or cannot.</summary>
internal static class ConditionChecks
{
    /// <exception cref="ArgumentException">A condition is missing, unknown, or of another shape or type.</exception>
    public static void Require(Conditioning condition, DenoiserInfo network, string what)
    {
        // Networks that state nothing look for themselves.
        if (network.Conditions.Count == 0)
        {
            return;
        }

        foreach (var spec in network.Conditions)
        {
            if (condition.Find(spec.Name) is not { } given)
            {
                if (!spec.IsOptional)
                {
                    throw new ArgumentException($"{network.Name} needs {spec} in the {what}; given {(condition.Names.Count == 0 ? "is nothing" : $"are {string.Join(", ", condition.Names)}")}. {All(network)}", nameof(condition));
                }
            }
            else if (!spec.Fits(given))
            {
                throw new ArgumentException($"{network.Name} reads {spec} in the {what}; given is {TensorForm.Of(given)}.", nameof(condition));
            }
        }

        if (condition.Names.FirstOrDefault(n => network.Conditions.All(s => s.Name != n)) is { } unknown)
        {
            throw new ArgumentException($"{network.Name} does not read '{unknown}' of the {what}. {All(network)}", nameof(condition));
        }
    }

    private static string All(DenoiserInfo network) => $"It reads {string.Join(", ", network.Conditions)}.";
}
