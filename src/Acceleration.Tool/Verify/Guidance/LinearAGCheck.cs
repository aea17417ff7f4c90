using System.Text.Json;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>LinearAG's weights, fitted to synthetic predictions and to recorded trajectories, and a run with them.</summary>
internal sealed class LinearAGCheck : ICheck
{
    private const double Exact = 1e-6;
    private const double Share = 0.01;

    public string Kind => "guidance";

    public string Knows => "fits of LinearAG";

    public bool Fits(GoldenFile file) => file.Has("input.trajectory.c") && file.Has("input.trajectory.u") && file.TextOrNull("cases") is not null;

    public void Run(GoldenFile file, Findings found, CancellationToken cancellation)
    {
        var parts = new Dictionary<string, LinearAGFit>();
        foreach (var (i, json) in file.Json("cases").Deserialize<JsonElement[]>()!.Index())
        {
            using var scope = NewDisposeScope();
            var settings = new StoredConfig($"case {i + 1}", json);
            var (part, step) = (settings.Choice("part", "", ("synthetic", "synthetic"), ("independent", "independent"), ("trajectory", "trajectory")), settings.Get<int>("k"));
            var fit = parts.TryGetValue(part, out var known) ? known : parts[part] = Recorded(file, part);
            switch (part)
            {
                case "synthetic":
                    Synthetic(found, settings, fit, step);
                    break;
                case "independent":
                    Weights(found, "weights of independent predictions", $"step {step}", fit.Fit(step, new() { Ridge = 0 }).Weights, file.Numbers("output64.independent.coefficients"), 1);
                    break;
                default:
                    Trajectory(file, found, settings, fit, step);
                    break;
            }

            // Counts of unknowns and notes on how well the reference is conditioned.
            settings.Ignore("unknowns", "unknowns_full", "rank_full", "unique_in_full_form", "condition_number_of_regressors", "condition_number_of_gram", "lstsq_vs_high_precision_max_abs", "relative_residual");
            settings.RequireAllRead();
        }

        LinearAGLoop.Compare(file, found, parts["trajectory"], cancellation);
    }

    private static LinearAGFit Recorded(GoldenFile file, string part)
    {
        using var scope = NewDisposeScope();
        var (c, u) = (file.Read($"input.{part}.c"), file.Read($"input.{part}.u"));
        var fit = new LinearAGFit((int)c.size(0));
        fit.Add([.. Enumerable.Range(0, fit.Steps).Select(k => c[k])], [.. Enumerable.Range(0, fit.Steps).Select(k => u[k])]);
        return fit;
    }

    /// <summary>Predictions that obey a rule of three terms: in the full form their weights are not unique, and the fit must be exact all the same.</summary>
    private static void Synthetic(Findings found, StoredConfig settings, LinearAGFit fit, int step)
    {
        string[] terms = ["c[k]", "c[k-1]", "u[k-1]"];
        if (!settings.Get("short_regressors", terms).SequenceEqual(terms))
        {
            throw new NotKnownException("short_regressors other than c[k], c[k-1], u[k-1] are not known yet.");
        }

        var expected = settings.Get<double[]>("coefficients_short");
        var three = fit.Fit(step, new() { Form = LinearForm.ThreeTerm, Ridge = 0 });
        found.Add("weights of three terms", $"step {step}", three.Weights.Conditional.Concat(three.Weights.Unconditional).Zip(expected, (a, b) => Math.Abs(a - b)).Max(), Exact);
        found.Add("error of the full form", $"step {step}", fit.Fit(step).Relative, Exact);
    }

    private static void Trajectory(GoldenFile file, Findings found, StoredConfig settings, LinearAGFit fit, int step)
    {
        var where = $"step {step}";
        var (plain, ridged) = (fit.Fit(step, new() { Ridge = 0 }), fit.Fit(step));
        Residual("error of the fit", plain.Rms, settings.Get<JsonElement>("residual_rms"));
        Residual("error of the fit with a ridge", ridged.Rms, settings.Get<JsonElement>("residual_rms_ridge"));
        if (file.Has($"output64.k{step}.prediction"))
        {
            found.WithinOfMax("estimated predictions", where, Predicted(file, plain.Weights), file.Read($"output64.k{step}.prediction"), Exact);
        }

        if (file.Has($"output64.k{step}.coefficients_ridge"))
        {
            // Where predictions are nearly dependent, float64 normal equations keep half of the digits.
            var expected = file.Numbers($"output64.k{step}.coefficients_ridge");
            Weights(found, "weights with a ridge", where, ridged.Weights, expected, Math.Max(1, expected.Max(Math.Abs)));
        }

        file.Ignore($"output64.k{step}.coefficients", $"output64.k{step}.gram", $"output64.k{step}.rhs");

        void Residual(string what, double actual, JsonElement stored)
        {
            var expected = stored.ValueKind == JsonValueKind.Number ? stored.GetDouble() : double.Parse(stored.GetString()!, System.Globalization.CultureInfo.InvariantCulture);
            found.Add(what, where, expected > Exact ? Math.Abs(actual - expected) / expected : Math.Max(0, actual - Exact), expected > Exact ? Share : Exact);
        }
    }

    /// <summary>Stored weights are in the order c_0 to c_k, u_0 to u_(k−1); ours begin with the newest.</summary>
    private static void Weights(Findings found, string what, string where, EstimatedStep fitted, double[] expected, double scale)
    {
        double[] ours = [.. fitted.Conditional.Reverse(), .. fitted.Unconditional.Reverse()];
        found.Add(what, where, ours.Length == expected.Length ? ours.Zip(expected, (a, b) => Math.Abs(a - b)).Max() / scale : double.PositiveInfinity, Exact);
    }

    private static Tensor Predicted(GoldenFile file, EstimatedStep step)
    {
        var (c, u) = (file.Read("input.trajectory.c"), file.Read("input.trajectory.u"));
        var terms = step.Conditional.Select((w, j) => c[step.Step - j] * w).Concat(step.Unconditional.Select((w, j) => u[step.Step - 1 - j] * w));
        return terms.Aggregate((a, b) => a + b);
    }
}
