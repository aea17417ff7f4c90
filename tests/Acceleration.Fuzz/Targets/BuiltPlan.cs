namespace Acceleration.Fuzz;

/// <summary>What is done with a plan that was read: written and read again, and built for networks.</summary>
internal static class BuiltPlan
{
    public static void RoundTrip(AccelerationPlan plan)
    {
        if (!AccelerationPlan.FromJson(plan.ToJson()).Equals(plan) || !AccelerationPlan.Parse(plan.Text).Equals(plan))
        {
            throw new FuzzException($"Another plan was read than was written: {plan.Text}");
        }
    }

    /// <summary>A flow network of one channel without sites of its own.</summary>
    public static IDenoiser Flow() => Denoiser.From(
        new() { Name = "flow", Prediction = PredictionType.Flow, SampleSize = [1, 2, 2], Unconditional = given => Conditioning.Labels([.. Enumerable.Repeat(0L, given.Rows)]) },
        (latents, _, _) => latents * 0.5);

    /// <summary>The sampler of a plan, or null where it refuses the network.</summary>
    public static Sampler? For(IDenoiser network, AccelerationPlan plan)
    {
        try
        {
            var builder = Sampler.For(network);
            builder = network.Info.Prediction == PredictionType.Flow ? builder.FlowEuler(4) : builder.Ddim(4);
            return builder.Plan(plan).Build();
        }
        catch (Exception e) when (e is PlanException or ArgumentException or InvalidOperationException)
        {
            Expect.Message(e.Message);
            return null;
        }
    }
}
