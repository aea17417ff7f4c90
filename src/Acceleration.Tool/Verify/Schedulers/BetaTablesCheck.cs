using System.Text.Json;

namespace Acceleration.Tool;

/// <summary>Training noise levels by name of case.</summary>
internal sealed class BetaTablesCheck : ICheck
{
    private const double Tolerance = 1e-5;

    public string Kind => "schedulers";

    public string Knows => "tables of betas";

    public bool Fits(GoldenFile file) =>
        file.TextOrNull("num_inference_steps") is null && file.Names.Any(n => n.EndsWith(".betas", StringComparison.Ordinal)) && file.Json("cases").ValueKind == JsonValueKind.Object;

    public void Run(GoldenFile file, Findings found, CancellationToken cancellation)
    {
        foreach (var (name, json) in file.Json("cases").EnumerateObject().Select(p => (p.Name, p.Value)))
        {
            var config = new StoredConfig($"case {name}", json);
            var table = StoredTable.Of(config);
            config.RequireAllRead();
            found.Relative($"{name}, betas", table.Betas.Select(b => (double)b), file.Numbers($"output.{name}.betas"), Tolerance);
            found.Relative($"{name}, alphas_cumprod", table.AlphaBars.Select(a => (double)a), file.Numbers($"output.{name}.alphas_cumprod"), Tolerance);
        }
    }
}
